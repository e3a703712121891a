/** The transform of a box of a few frequencies alone, finer than the box: what lies between its Fourier pixels. */
import { centreIndex, interpolationCorrection } from "../../volume/index.js";
import { band, COMPARED_EDGE, REACH } from "./band.js";

/** The transform is taken of twice the edge, so that it can be interpolated linearly. */
export const PADDING = 2;
/** Finer pixels on either side of zero frequency: those around a rotated frequency of the band. */
const FINE_REACH = PADDING * REACH + 1;

const COARSE = 2 * REACH + 1;
const FINE = 2 * FINE_REACH + 1;
/** Along x one half is enough: the other is its mirror image. */
const FINE_HALF = FINE_REACH + 1;

/** Numbers from a fine pixel to the next along x, y and z; real and imaginary parts in turn. */
export const fineStrides = { x: 2 * FINE * FINE, y: 2 * FINE, z: 2 } as const;
/** Numbers of a padded transform. */
export const FINE_LENGTH = FINE_HALF * fineStrides.x;

/** Where a fine pixel is; `x` not negative. */
export function fineIndex(x: number, y: number, z: number): number {
  return x * fineStrides.x + (y + FINE_REACH) * fineStrides.y + (z + FINE_REACH) * fineStrides.z;
}

/**
 * Transforms boxes that have the frequencies of the band alone, phases counted from their centre; holds the result. Every fine
 * pixel is a sum over frequencies that falls into sums along z, y and x: a tenth of the work of the two Fourier transforms,
 * back to the box and to the padded spectrum.
 */
export function createPaddedTransform() {
  const coarse = new Float64Array(2 * (REACH + 1) * COARSE * COARSE);
  const alongZ = new Float64Array(2 * (REACH + 1) * FINE * COARSE);
  const alongY = new Float64Array(2 * (REACH + 1) * FINE * FINE);
  const fine = new Float64Array(FINE_LENGTH);
  return function transform(reference: Float32Array): Float64Array {
    writeBand(reference, coarse);
    // [x, y, z] -> [x, fine z, y] -> [x, fine z, fine y]
    for (let x = 0; x <= REACH; x++) {
      const [from, to] = [2 * x * COARSE * COARSE, 2 * x * FINE * COARSE];
      for (let z = 0; z < FINE; z++)
        for (let y = 0; y < COARSE; y++) sumAlong(coarse, from + 2 * y * COARSE, z, alongZ, to + 2 * (z * COARSE + y));
    }
    for (let row = 0; row < (REACH + 1) * FINE; row++)
      for (let y = 0; y < FINE; y++) sumAlong(alongZ, 2 * row * COARSE, y, alongY, 2 * (row * FINE + y));
    const line = new Float64Array(2 * COARSE);
    for (let z = 0; z < FINE; z++)
      for (let y = 0; y < FINE; y++) {
        for (let x = 0; x <= REACH; x++) {
          const own = 2 * ((x * FINE + z) * FINE + y);
          line[2 * (REACH + x)] = alongY[own];
          line[2 * (REACH + x) + 1] = alongY[own + 1];
          const mirror = 2 * ((x * FINE + FINE - 1 - z) * FINE + FINE - 1 - y);
          line[2 * (REACH - x)] = alongY[mirror];
          line[2 * (REACH - x) + 1] = x === 0 ? alongY[own + 1] : -alongY[mirror + 1];
        }
        for (let x = 0; x < FINE_HALF; x++) sumAlong(line, 0, x + FINE_REACH, fine, 2 * ((x * FINE + y) * FINE + z));
      }
    return fine;
  };
}

/** One fine pixel of a line of the band's frequencies. */
function sumAlong(line: Float64Array, from: number, pixel: number, into: Float64Array, at: number): void {
  let real = 0;
  let imaginary = 0;
  for (let k = 0, own = from, entry = 2 * pixel * COARSE; k < COARSE; k++, own += 2, entry += 2) {
    real += line[own] * between[entry] - line[own + 1] * between[entry + 1];
    imaginary += line[own] * between[entry + 1] + line[own + 1] * between[entry];
  }
  into[at] = real;
  into[at + 1] = imaginary;
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

/** `[x, y, z]`, x from zero on, y and z from `-REACH` on. */
function writeBand(reference: Float32Array, coarse: Float64Array): void {
  const put = (x: number, y: number, z: number, real: number, imaginary: number): void => {
    const at = 2 * ((x * COARSE + y + REACH) * COARSE + z + REACH);
    coarse[at] = real;
    coarse[at + 1] = imaginary;
  };
  for (let k = 0; k < band.count; k++) {
    const [x, y, z] = [band.x[k], band.y[k], band.z[k]];
    const [real, imaginary] = [reference[k], reference[band.count + k]];
    put(x, y, z, real, imaginary);
    if (x === 0) put(0, -y, -z, real, -imaginary); // the plane that holds a frequency and its mirror image
  }
}
