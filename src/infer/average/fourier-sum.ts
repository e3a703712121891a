import { ShapeError } from "../../errors.js";
import type { Pose } from "../../volume/index.js";
import type { Subtomogram } from "../align/subtomogram.js";
import { CELL_FLOATS, fourierGrid } from "./fourier-grid.js";
import { type FourierVolumeOptions, fourierVolume, shellWeights } from "./fourier-volume.js";
import { createInsertion } from "./insert.js";

/** What a Fourier sum has gathered, as plain data: to be written to disk, or sent between threads. */
export interface FourierSumCells {
  readonly edge: number;
  readonly radius: number;
  /** Cells of a `FourierGrid`, four floats each: real and imaginary part, weight, 0. */
  readonly cells: Float32Array;
}

/**
 * The sum of particles in the frame of their reference, in Fourier space: at every frequency the spectra's sum and the sum of
 * the weights with which it was measured. Their quotient is the average of greatest likelihood.
 */
export interface FourierSum {
  readonly edge: number;
  /** Fourier pixels; what is this far from zero frequency or farther is left out. */
  readonly radius: number;
  /**
   * Adds a particle that lies in its box as `pose` says: its shift is removed and its spectrum turned back. Spectrum and weight
   * are both multiplied by `share`.
   * @throws ShapeError when its box is of another edge.
   */
  add(subtomogram: Subtomogram, pose: Pose, share?: number): void;
  /**
   * Adds what another sum has gathered.
   * @throws ShapeError when it is of other boxes or another radius.
   */
  merge(other: FourierSumCells): void;
  /** What has been gathered; its cells are those of this sum and change with it. */
  state(): FourierSumCells;
  /** The average `[edge, edge, edge]`, its centre at voxel floor(edge / 2). */
  volume(options?: FourierVolumeOptions): Float32Array;
  /** Mean weight of the frequencies of each shell, 0 to ceil(radius): 1 for each particle that was measured everywhere. */
  shellWeights(): Float64Array;
}

/** How a sum begins. */
export interface FourierSumOptions {
  /** Fourier pixels beyond which nothing is gathered. Default edge / 2. */
  readonly radius?: number;
  /** What another sum has gathered: it is taken over, not copied, and `radius` is its. */
  readonly state?: FourierSumCells;
}

/**
 * An empty sum of particles in boxes of `edge` voxels, or one that goes on from `state`. Frequencies are spread linearly over
 * the eight cells around them on a grid twice as fine as the boxes', as in RELION's reconstruction (Scheres 2012, "RELION:
 * Implementation of a Bayesian approach to cryo-EM structure determination").
 * @throws ShapeError when the state does not fit its own edge and radius.
 */
export function createFourierSum(edge: number, options: FourierSumOptions = {}): FourierSum {
  const radius = Math.min(options.state?.radius ?? options.radius ?? edge / 2, edge / 2);
  const grid = fourierGrid(edge, radius);
  const length = CELL_FLOATS * grid.cellCount;
  const cells = options.state?.cells ?? new Float32Array(length);
  const check = (other: FourierSumCells) => {
    if (other.edge !== edge || other.radius !== radius || other.cells.length !== length)
      throw new ShapeError(
        `a Fourier sum of boxes of ${edge}^3 voxels to ${radius} Fourier pixels has ${length} numbers; ` +
          `got ${other.cells.length} of ${other.edge}^3 voxels to ${other.radius}`,
      );
  };
  if (options.state) check(options.state);
  const insert = createInsertion(grid);
  return {
    edge,
    radius,
    add(subtomogram, pose, share = 1) {
      if (subtomogram.edge !== edge)
        throw new ShapeError(`a sum of boxes of ${edge}^3 voxels got a particle in ${subtomogram.edge}^3`);
      insert(cells, subtomogram, pose, share);
    },
    merge(other) {
      check(other);
      for (let k = 0; k < length; k++) cells[k] += other.cells[k];
    },
    state: () => ({ edge, radius, cells }),
    volume: (volumeOptions) => fourierVolume(grid, cells, volumeOptions),
    shellWeights: () => shellWeights(grid, cells),
  };
}
