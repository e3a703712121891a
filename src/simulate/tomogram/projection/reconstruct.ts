import { ConfigError, ShapeError } from "../../../errors.js";
import { createVolume, type Shape3, type Volume } from "../../../volume/index.js";
import type { TiltSeries } from "../imaging/tilt-imaging.js";
import { createPlaneProjector, planeGeometry, ROW_GROUP } from "./project-plane.js";
import { reconstructionWeights } from "./reconstruct-weights.js";
import { checkRows, type RowRange, type RowSolver, rowBuffers, scatterPlanes } from "./row-group.js";
import { createRowTransform } from "./row-transform.js";
import { createSirtSolver } from "./sirt.js";

/** How a tilt series is reconstructed. */
/** How a tomogram is reconstructed from its tilt series. */
export interface ReconstructOptions {
  /** "wbp": weighted back-projection. "sirt": simultaneous iterations, slower, without amplified noise. */
  readonly method: "wbp" | "sirt";
  /** For "wbp", see reconstruct-weights. */
  readonly filter: "ramp" | "exact";
  /** For "wbp": cycles per voxel at which a Hann window reaches zero; Infinity for none. */
  readonly hannFrequency: number;
  /** For "sirt". */
  readonly iterations: number;
}

/** Weighted back-projection, ramp filter under a Hann window that ends at the Nyquist frequency. */
export const defaultReconstruct: ReconstructOptions = {
  method: "wbp",
  filter: "ramp",
  hannFrequency: 0.5,
  iterations: 15,
};

/** What a part of a reconstruction needs; `images` is `[tilts, ny, nx]` and `volume` `[nz, ny, nx]`. */
export interface ReconstructionJob {
  readonly images: Float32Array;
  readonly tiltDegrees: readonly number[];
  readonly shape: Shape3;
  readonly volume: Float32Array;
  readonly options?: Partial<ReconstructOptions>;
}

/**
 * Reconstructs some rows y of a volume from the same rows of the images, whose centres (index floor(n / 2)) are assumed to
 * be on the tilt axis: the rows of a single-axis series are independent. Linear in the images.
 *
 * Weighted back-projection costs nz nx tilts updates and one transform pair a tilt for each row; SIRT twice that for each
 * iteration. Memory beyond the arrays is four planes and their lines.
 * @throws ConfigError, ShapeError
 */
export function reconstructRows(job: ReconstructionJob, rows: RowRange): void {
  const { images, tiltDegrees, shape, volume } = job;
  const options = { ...defaultReconstruct, ...job.options };
  const [nz, ny, nx] = shape;
  const tiltCount = tiltDegrees.length;
  checkReconstruct(options);
  checkRows(rows, ny);
  if (images.length !== tiltCount * ny * nx || volume.length !== nz * ny * nx)
    throw new ShapeError(
      `reconstructing [${shape.join(", ")}] from ${tiltCount} tilts takes ${tiltCount * ny * nx} and ${nz * ny * nx} values, ` +
        `got ${images.length} and ${volume.length}`,
    );
  const isWeighted = options.method === "wbp";
  // Twice the width: the filter's long tails must not come around.
  const geometry = planeGeometry({ nz, nx }, tiltDegrees, isWeighted ? { paddedWidth: 2 * nx } : {});
  using projector = createPlaneProjector(geometry);
  const solve = isWeighted ? weightedBackProjection() : createSirtSolver(projector, options.iterations);
  const buffers = rowBuffers(tiltCount, nx);
  for (let y = rows.first; y < rows.end; y += ROW_GROUP) {
    for (let tilt = 0; tilt < tiltCount; tilt++)
      for (let row = 0; row < ROW_GROUP; row++) {
        const from = (tilt * ny + y + row) * nx;
        if (y + row < ny) buffers[tilt][row].set(images.subarray(from, from + nx));
        else buffers[tilt][row].fill(0);
      }
    scatterPlanes(solve(buffers), volume, shape, y);
  }

  function weightedBackProjection(): RowSolver {
    const transform = createRowTransform(geometry);
    const weights = reconstructionWeights(tiltDegrees, transform.length, { ...options, thickness: nz });
    return (given) => {
      given.forEach((own, tilt) => {
        transform.toFine(own, projector.lines[tilt], weights[tilt]);
      });
      projector.backProject();
      return projector.planes;
    };
  }
}

/** The reconstruction of a whole series in one thread, `nz` voxels thick; its nominal tilts are taken for true. */
export function reconstruct(
  series: TiltSeries,
  { nz, into, ...options }: Partial<ReconstructOptions> & { readonly nz: number; readonly into?: Float32Array },
): Volume {
  const [, ny, nx] = series.shape;
  const volume = createVolume([nz, ny, nx], series.pixelSizeAngstrom, into);
  const tiltDegrees = series.plan.tilts.map((tilt) => tilt.tiltDegrees);
  const job = { images: series.images, tiltDegrees, shape: volume.shape, volume: volume.data, options };
  reconstructRows(job, { first: 0, end: ny });
  return volume;
}

/** @throws ConfigError naming the option that cannot be used. */
export function checkReconstruct(overrides: Partial<ReconstructOptions>): void {
  const { hannFrequency, iterations } = { ...defaultReconstruct, ...overrides };
  if (!(hannFrequency > 0))
    throw new ConfigError(`a Hann window cannot end at ${hannFrequency}`, {
      hint: "Give cycles per voxel, such as 0.5.",
    });
  if (!(Number.isInteger(iterations) && iterations > 0 && iterations <= 1000))
    throw new ConfigError(`${iterations} iterations are impossible`, { hint: "Give a whole number from 1 to 1000." });
}
