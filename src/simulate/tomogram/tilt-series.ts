import { ShapeError } from "../../errors.js";
import type { Shape3, Volume } from "../../volume/index.js";
import { planeGeometry, projectPlanes } from "./project-plane.js";
import { createRowTransform } from "./row-transform.js";
import { createImageFormer } from "./tilt-image.js";
import type { TiltPlan } from "./tilt-imaging.js";

/**
 * The images of a specimen: `images` is `[tilts, ny, nx]`, pixels as large as voxels, in the order of `plan.tilts`. Values
 * are contrast, relative to the mean intensity and turned so that protein is positive.
 */
export interface TiltSeries {
  readonly images: Float32Array;
  readonly shape: readonly [tilts: number, ny: number, nx: number];
  readonly pixelSizeAngstrom: number;
  readonly plan: TiltPlan;
}

/** Rows of a volume or an image, `[first, end)`; `first` is even, so that any division into such parts gives the same bytes. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/**
 * Projects rows of a density (kilodalton per voxel) along the beam at every true tilt: kilodalton per pixel, written to
 * the same rows of `images`, `[tilts, ny, nx]`. Mass that falls beside the image is lost, as on a detector.
 * About 2 nz nx tilts additions a row; a pair of rows is transposed into scratch first so that the volume is read once.
 * @throws ShapeError when the arrays do not fit or the range does not start at an even row.
 */
export function projectRows(
  density: Float32Array,
  shape: Shape3,
  plan: TiltPlan,
  images: Float32Array,
  rows: RowRange,
): void {
  const [nz, ny, nx] = shape;
  const tiltCount = plan.tilts.length;
  checkRows(rows, ny);
  if (density.length !== nz * ny * nx || images.length !== tiltCount * ny * nx)
    throw new ShapeError(
      `${tiltCount} projections of shape [${shape.join(", ")}] take ${nz * ny * nx} and ${tiltCount * ny * nx} values, ` +
        `got ${density.length} and ${images.length}`,
    );
  const geometry = planeGeometry(
    { nz, nx },
    plan.tilts.map((tilt) => tilt.trueTiltDegrees),
    { oversampling: 4 },
  );
  const { fineLength } = geometry;
  const transform = createRowTransform({ ...geometry, imageWidth: nx });
  const planes = new Float64Array(2 * nz * nx);
  const lines = new Float64Array(2 * tiltCount * fineLength);
  const spare = new Float64Array(nx); // where the second row of a last odd pair goes
  const [first, second] = [new Float64Array(nx), new Float64Array(nx)];
  for (let y = rows.first; y < rows.end; y += 2) {
    const paired = y + 1 < ny;
    for (let z = 0; z < nz; z++) {
      const from = (z * ny + y) * nx;
      const to = 2 * z * nx;
      for (let x = 0; x < nx; x++) {
        planes[to + 2 * x] = density[from + x]!;
        planes[to + 2 * x + 1] = paired ? density[from + nx + x]! : 0;
      }
    }
    lines.fill(0);
    projectPlanes(geometry, planes, lines);
    for (let tilt = 0; tilt < tiltCount; tilt++) {
      const line = lines.subarray(2 * tilt * fineLength, 2 * (tilt + 1) * fineLength);
      transform.toImage(line, first, paired ? second : spare);
      images.set(first, (tilt * ny + y) * nx);
      if (paired) images.set(second, (tilt * ny + y + 1) * nx);
    }
  }
}

/** @throws ShapeError */
export function checkRows({ first, end }: RowRange, ny: number): void {
  const good = first % 2 === 0 && first >= 0 && end <= ny && (end % 2 === 0 || end === ny);
  if (!good) throw new ShapeError(`rows ${first} to ${end} are no even part of ${ny} rows`);
}

/** Turns the projections of some tilts into noise-free images, in place; `nz` is the specimen's thickness in voxels. */
export function formImages(
  { images, shape, pixelSizeAngstrom, plan }: TiltSeries,
  nz: number,
  tilts: { readonly first: number; readonly end: number },
): void {
  const [, ny, nx] = shape;
  const former = createImageFormer({ ny, nx, pixelSizeAngstrom, thicknessAngstrom: nz * pixelSizeAngstrom, plan });
  for (let tilt = tilts.first; tilt < tilts.end; tilt++)
    former.form(images.subarray(tilt * ny * nx, (tilt + 1) * ny * nx), tilt);
}

/** The noise-free tilt series of a density in kilodalton per voxel, in one thread; see the workflow for several. */
export function simulateTiltSeries(density: Volume, plan: TiltPlan): TiltSeries {
  const [nz, ny, nx] = density.shape;
  const tiltCount = plan.tilts.length;
  const images = new Float32Array(tiltCount * ny * nx);
  const series = { images, shape: [tiltCount, ny, nx], pixelSizeAngstrom: density.voxelSizeAngstrom, plan } as const;
  projectRows(density.data, density.shape, plan, images, { first: 0, end: ny });
  formImages(series, nz, { first: 0, end: tiltCount });
  return series;
}
