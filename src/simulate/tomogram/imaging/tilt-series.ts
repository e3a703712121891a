import { ShapeError } from "../../../errors.js";
import type { Shape3, Volume } from "../../../volume/index.js";
import { createPlaneProjector, planeGeometry, ROW_GROUP } from "../projection/project-plane.js";
import { checkRows, gatherPlanes, type RowRange, rowBuffers } from "../projection/row-group.js";
import { createRowTransform } from "../projection/row-transform.js";
import { createImageFormer } from "./tilt-image.js";
import type { TiltPlan, TiltSeries } from "./tilt-imaging.js";

/**
 * Projects rows of a density (kilodalton per voxel) along the beam at every true tilt: kilodalton per pixel, written to
 * the same rows of `images`, `[tilts, ny, nx]`. Mass that falls beside the image is lost, as on a detector.
 * About 2 nz nx tilts additions a row; four rows are transposed into scratch first so that the volume is read once.
 * @throws ShapeError when the arrays do not fit or the range does not start at a multiple of four.
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
  const trueTilts = plan.tilts.map((tilt) => tilt.trueTiltDegrees);
  using projector = createPlaneProjector(planeGeometry({ nz, nx }, trueTilts, { oversampling: 4 }));
  const transform = createRowTransform(projector.geometry);
  const buffers = rowBuffers(1, nx)[0];
  for (let y = rows.first; y < rows.end; y += ROW_GROUP) {
    gatherPlanes(density, shape, y, projector.planes);
    projector.project();
    for (let tilt = 0; tilt < tiltCount; tilt++) {
      transform.toImage(projector.lines[tilt], buffers);
      for (let row = 0; row < ROW_GROUP && y + row < ny; row++) images.set(buffers[row], (tilt * ny + y + row) * nx);
    }
  }
}

/** Turns the projections of some tilts into noise-free images, in place; `nz` is the specimen's thickness in voxels. */
export function formImages(series: TiltSeries, nz: number, tilts: RowRange): void {
  const [, ny, nx] = series.shape;
  const former = createImageFormer(series, nz * series.pixelSizeAngstrom);
  for (let tilt = tilts.first; tilt < tilts.end; tilt++)
    former.form(series.images.subarray(tilt * ny * nx, (tilt + 1) * ny * nx), tilt);
}

/** The noise-free tilt series of a density in kilodalton per voxel, in one thread. */
export function simulateTiltSeries(density: Volume, plan: TiltPlan): TiltSeries {
  const [nz, ny, nx] = density.shape;
  const tiltCount = plan.tilts.length;
  const images = new Float32Array(tiltCount * ny * nx);
  const series = { images, shape: [tiltCount, ny, nx], pixelSizeAngstrom: density.voxelSizeAngstrom, plan } as const;
  projectRows(density.data, density.shape, plan, images, { first: 0, end: ny });
  formImages(series, nz, { first: 0, end: tiltCount });
  return series;
}
