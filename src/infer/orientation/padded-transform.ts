/** The transform of a box of a few frequencies alone, finer than the box: what lies between its Fourier pixels. */
import { centreIndex, interpolationCorrection } from "../../volume/index.js";
import { band, COMPARED_EDGE, REACH } from "./band.js";
import { combineKernel } from "./combine-kernel.js";

/** The transform is taken of twice the edge, so that it can be interpolated linearly. */
export const PADDING = 2;
/** Finer pixels on either side of zero frequency: those around a rotated frequency of the band. */
const FINE_REACH = PADDING * REACH + 1;

const COARSE = 2 * REACH + 1;
const FINE = 2 * FINE_REACH + 1;
/** Along x one half is enough: the other is its mirror image. */
const FINE_HALF = FINE_REACH + 1;
/** Rows along z have room for whole vectors of two complex numbers. */
const [COARSE_ROW, FINE_ROW] = [COARSE, FINE].map((length) => 2 * Math.ceil(length / 2));

/** Numbers from a fine pixel to the next along x, y and z; real and imaginary parts in turn. */
export const fineStrides = { x: 2 * FINE * FINE_ROW, y: 2 * FINE_ROW, z: 2 } as const;
/** Numbers of a padded transform. */
export const FINE_LENGTH = FINE_HALF * fineStrides.x;

/** Where a fine pixel is; `x` not negative. */
export function fineIndex(x: number, y: number, z: number): number {
  return x * fineStrides.x + (y + FINE_REACH) * fineStrides.y + (z + FINE_REACH) * fineStrides.z;
}

/** Numbers, real and imaginary parts in turn, that a transform keeps in memory beside what it gives. */
const SCRATCH = {
  /** `[fine, coarse]`: see `between`. */
  factors: 2 * FINE * COARSE,
  /** `[coarse, fine z]`: the same turned about. */
  rows: 2 * COARSE * FINE_ROW,
  /** `[x, y, z]`. */
  coarse: 2 * COARSE * COARSE * COARSE_ROW,
  /** `[fine x, y, z]`, from zero on. */
  alongX: 2 * FINE_HALF * COARSE * COARSE_ROW,
  /** `[fine x, fine y, z]`. */
  alongY: 2 * FINE_HALF * FINE * COARSE_ROW,
} as const;
/** Whole vectors. */
const roomFor = (numbers: number): number => 4 * Math.ceil(numbers / 4);
/** Numbers of four bytes that `createPaddedTransform` needs. */
export const TRANSFORM_LENGTH = Object.values(SCRATCH).reduce((sum, numbers) => sum + roomFor(numbers), 0);

const [alongX, alongY, alongZ] = [COARSE * COARSE_ROW, COARSE_ROW, FINE_ROW].map((row) =>
  combineKernel({ rows: COARSE, rowBytes: 8 * row }),
);

/** Transforms a box of the band's frequencies, `SPECTRUM_LENGTH`, into the numbers from `into` on (see `fineIndex`). */
export type PaddedTransform = (box: Float32Array, into: number) => void;

/**
 * Transforms boxes that have the frequencies of the band alone, phases counted from their centre. Every fine pixel is a sum over
 * frequencies that falls into sums along x, y and z: a tenth of the work of the two Fourier transforms, back to the box and to the
 * padded spectrum.
 * @param at the first of `TRANSFORM_LENGTH` numbers of the memory that it keeps for itself, a multiple of four
 */
export function createPaddedTransform(memory: WebAssembly.Memory, at: number): PaddedTransform {
  const floats = new Float32Array(memory.buffer, 0, at + TRANSFORM_LENGTH);
  const starts = startsOf(SCRATCH, at);
  floats.fill(0, at);
  floats.set(between, starts.factors);
  for (let k = 0; k < COARSE; k++)
    for (let f = 0; f < FINE; f++)
      floats.set(
        between.subarray(2 * (f * COARSE + k), 2 * (f * COARSE + k) + 2),
        starts.rows + 2 * (k * FINE_ROW + f),
      );
  const coarse = floats.subarray(starts.coarse, starts.coarse + SCRATCH.coarse);
  const kernels = { x: alongX(memory), y: alongY(memory), z: alongZ(memory) };
  const factorsOf = (pixel: number) => 4 * (starts.factors + 2 * pixel * COARSE);
  const [slab, row, fineRow] = [8 * COARSE * COARSE_ROW, 8 * COARSE_ROW, 4 * fineStrides.y];
  return (box, into) => {
    writeBand(box, coarse);
    for (let x = 0; x < FINE_HALF; x++) {
      const onX = 4 * starts.alongX + x * slab;
      kernels.x.combine(factorsOf(FINE_REACH + x), 4 * starts.coarse, onX, onX + slab);
      for (let y = 0; y < FINE; y++) {
        const onY = 4 * starts.alongY + (x * FINE + y) * row;
        kernels.y.combine(factorsOf(y), onX, onY, onY + row);
        const fine = 4 * into + (x * FINE + y) * fineRow;
        kernels.z.combine(onY, 4 * starts.rows, fine, fine + fineRow);
      }
    }
  };
}

/** Where each part begins, one behind the other. */
function startsOf(lengths: typeof SCRATCH, at: number): Record<keyof typeof SCRATCH, number> {
  const starts = { factors: 0, rows: 0, coarse: 0, alongX: 0, alongY: 0 };
  let next = at;
  for (const part of Object.keys(starts) as (keyof typeof SCRATCH)[]) {
    starts[part] = next;
    next += roomFor(lengths[part]);
  }
  return starts;
}

/**
 * What a frequency of the box, of `COARSE` ones, adds to each fine pixel along an axis, `[fine, coarse]`: the sum over voxels of
 * the phase between the two, with what linear interpolation between fine pixels takes towards the faces put in beforehand.
 */
const between = createBetween();

function createBetween(): Float64Array {
  const correction = interpolationCorrection(COMPARED_EDGE, PADDING * COMPARED_EDGE);
  const centre = centreIndex(COMPARED_EDGE);
  const sums = new Float64Array(2 * FINE * COARSE);
  for (let f = 0, at = 0; f < FINE; f++)
    for (let k = 0; k < COARSE; k++, at += 2) {
      const apart = PADDING * (k - REACH) - (f - FINE_REACH);
      for (let voxel = 0; voxel < COMPARED_EDGE; voxel++) {
        const phase = (2 * Math.PI * apart * (voxel - centre)) / (PADDING * COMPARED_EDGE);
        sums[at] += (correction[voxel] * Math.cos(phase)) / COMPARED_EDGE;
        sums[at + 1] += (correction[voxel] * Math.sin(phase)) / COMPARED_EDGE;
      }
    }
  return sums;
}

/** `[x, y, z]`, each from `-REACH` on. */
function writeBand(box: Float32Array, coarse: Float32Array): void {
  const put = (x: number, y: number, z: number, real: number, imaginary: number): void => {
    const at = 2 * (((x + REACH) * COARSE + y + REACH) * COARSE_ROW + z + REACH);
    coarse[at] = real;
    coarse[at + 1] = imaginary;
  };
  for (let k = 0; k < band.count; k++) {
    const [x, y, z] = [band.x[k], band.y[k], band.z[k]];
    const [real, imaginary] = [box[k], box[band.count + k]];
    put(x, y, z, real, imaginary);
    put(-x, -y, -z, real, -imaginary);
  }
}
