import { ConfigError, ShapeError } from "../../errors.js";
import { createVolume, type Shape3, type Volume } from "../../volume/index.js";
import { backProjectPlanes, planeGeometry } from "./project-plane.js";
import { reconstructionWeights } from "./reconstruct-weights.js";
import { createRowTransform } from "./row-transform.js";
import { createSirtSolver } from "./sirt.js";
import { checkRows, type RowRange, type TiltSeries } from "./tilt-series.js";

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
 * Weighted back-projection costs 2 nz nx tilts updates and two transforms a tilt for each pair of rows; SIRT twice the
 * updates for each iteration. Memory beyond the arrays is two planes.
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
  const reconstructPair = options.method === "wbp" ? weightedPair() : sirtPair();
  const planes = new Float64Array(2 * nz * nx);
  const [first, second] = [rowsOf(), rowsOf()];
  for (let y = rows.first; y < rows.end; y += 2) {
    const paired = y + 1 < ny;
    for (let tilt = 0; tilt < tiltCount; tilt++) {
      const from = (tilt * ny + y) * nx;
      for (let x = 0; x < nx; x++) {
        first[tilt]![x] = images[from + x]!;
        second[tilt]![x] = paired ? images[from + nx + x]! : 0;
      }
    }
    planes.fill(0);
    reconstructPair(first, second, planes);
    for (let z = 0; z < nz; z++) {
      const to = (z * ny + y) * nx;
      const from = 2 * z * nx;
      for (let x = 0; x < nx; x++) {
        volume[to + x] = planes[from + 2 * x]!;
        if (paired) volume[to + nx + x] = planes[from + 2 * x + 1]!;
      }
    }
  }

  function rowsOf(): Float64Array[] {
    return tiltDegrees.map(() => new Float64Array(nx));
  }

  function weightedPair(): RowPairReconstruction {
    // Twice the width: the filter's long tails must not come around.
    const geometry = planeGeometry({ nz, nx }, tiltDegrees, { paddedWidth: 2 * nx });
    const { fineLength } = geometry;
    const transform = createRowTransform({ ...geometry, imageWidth: nx });
    const weights = reconstructionWeights(tiltDegrees, transform.length, { ...options, thickness: nz });
    const lines = new Float64Array(2 * tiltCount * fineLength);
    const lineOf = tiltDegrees.map((_, tilt) => lines.subarray(2 * tilt * fineLength, 2 * (tilt + 1) * fineLength));
    return (firstRows, secondRows, into) => {
      for (let tilt = 0; tilt < tiltCount; tilt++)
        transform.toFine(firstRows[tilt]!, secondRows[tilt]!, lineOf[tilt]!, weights[tilt]!);
      backProjectPlanes(geometry, lines, into);
    };
  }

  function sirtPair(): RowPairReconstruction {
    return createSirtSolver({ nz, nx, tiltDegrees, iterations: options.iterations });
  }
}

/** Two rows y at once, as project-plane takes them: one image row a tilt each, and planes `[nz, nx, 2]` of zeros. */
export type RowPairReconstruction = (
  first: readonly Float64Array[],
  second: readonly Float64Array[],
  planes: Float64Array,
) => void;

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

/** @throws ConfigError */
function checkReconstruct({ hannFrequency, iterations }: ReconstructOptions): void {
  if (!(hannFrequency > 0))
    throw new ConfigError(`a Hann window cannot end at ${hannFrequency}`, {
      hint: "Give cycles per voxel, such as 0.5.",
    });
  if (!(Number.isInteger(iterations) && iterations > 0 && iterations <= 1000))
    throw new ConfigError(`${iterations} iterations are impossible`, { hint: "Give a whole number from 1 to 1000." });
}
