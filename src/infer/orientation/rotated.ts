/** A reference in every orientation, at the compared frequencies. */
import type { Matrix3 } from "../../volume/index.js";
import { band } from "./band.js";
import { createPaddedTransform, fineIndex, fineStrides, PADDING } from "./padded-transform.js";

/** Where `|kz| <= tan(tilt) |kx|`, widened by half a Fourier pixel (see `wedgeMask`); everywhere without a tilt. */
function isMeasured(x: number, z: number, tiltDegrees: number | undefined): boolean {
  if (tiltDegrees === undefined || tiltDegrees >= 90) return true;
  return Math.abs(z) <= Math.tan((tiltDegrees * Math.PI) / 180) * Math.abs(x) + 0.5;
}

/** Frequencies of the band that were measured in boxes tilted about y to `tiltDegrees` with the beam along z, by their numbers. */
export function measuredFrequencies(tiltDegrees: number | undefined): number[] {
  return Array.from({ length: band.count }, (_, k) => k).filter((k) => isMeasured(band.x[k], band.z[k], tiltDegrees));
}

/**
 * For each rotation, 1 at those of the measured frequencies that were measured in a rotated reference, too,
 * `[rotations, frequencies.length]`.
 */
export function commonFrequencies(
  rotations: readonly Matrix3[],
  frequencies: readonly number[],
  tiltDegrees: number | undefined,
): Float32Array {
  return Float32Array.from({ length: rotations.length * frequencies.length }, (_, at) => {
    const rotation = rotations[Math.floor(at / frequencies.length)];
    const [x, , z] = before(rotation, frequencies[at % frequencies.length]);
    return isMeasured(x, z, tiltDegrees) ? 1 : 0;
  });
}

/** Where frequency `k` of the rotated reference was before the rotation. */
function before([a, b, c, d, e, f, g, h, i]: Matrix3, k: number): readonly [number, number, number] {
  const [x, y, z] = [band.x[k], band.y[k], band.z[k]];
  return [a * x + d * y + g * z, b * x + e * y + h * z, c * x + f * y + i * z];
}

/** What `createTurner` turns references by. */
export interface Turning {
  readonly rotations: readonly Matrix3[];
  /** Those of the band that are wanted, by their numbers. */
  readonly frequencies: readonly number[];
  /** `[rotations, frequencies]`: what each is multiplied by. */
  readonly factors: Float32Array;
  /** What the largest value of each row becomes. */
  readonly largest: number;
}

/** A reference in every orientation. */
export interface Turned {
  /** `[rotations, 2 * frequencies]`, all real parts, then all imaginary ones. */
  readonly rows: Float32Array;
  /** The length of each row; 1 where it is zero. */
  readonly lengths: Float32Array;
}

/**
 * Turns references; holds tables and scratch memory, so it serves one caller at a time. `turn` fills rows that are zero, or that
 * it has filled before.
 */
export function createTurner({ rotations, frequencies, factors, largest }: Turning) {
  const transform = createPaddedTransform();
  const { start, to, from, fraction, factor, isMirrored } = placesOf(rotations, frequencies, factors);
  const { x: nextX, y: nextY, z: nextZ } = fineStrides;
  const imaginaryPart = frequencies.length;
  return function turn(reference: Float32Array, { rows, lengths }: Turned): void {
    const fine = transform(reference);
    for (let r = 0; r < rotations.length; r++) {
      const row = 2 * r * imaginaryPart;
      let squares = 0;
      let highest = 0;
      for (let place = start[r]; place < start[r + 1]; place++) {
        const at = from[place];
        const fx = fraction[3 * place];
        const fy = fraction[3 * place + 1];
        const fz = fraction[3 * place + 2];
        const nearReal = along(fine, at, nextX, nextY, fx, fy);
        const nearImaginary = along(fine, at + 1, nextX, nextY, fx, fy);
        const farReal = along(fine, at + nextZ, nextX, nextY, fx, fy);
        const farImaginary = along(fine, at + nextZ + 1, nextX, nextY, fx, fy);
        const real = factor[place] * (nearReal + fz * (farReal - nearReal));
        const imaginary = factor[place] * (nearImaginary + fz * (farImaginary - nearImaginary));
        rows[row + to[place]] = real;
        rows[row + imaginaryPart + to[place]] = isMirrored[place] ? -imaginary : imaginary;
        squares += real * real + imaginary * imaginary;
        highest = Math.max(highest, Math.abs(real), Math.abs(imaginary));
      }
      const scale = highest > 0 ? largest / highest : 0;
      for (let place = start[r]; place < start[r + 1]; place++) {
        rows[row + to[place]] *= scale;
        rows[row + imaginaryPart + to[place]] *= scale;
      }
      lengths[r] = squares > 0 ? scale * Math.sqrt(squares) : 1;
    }
  };
}

/** Linear interpolation along x and y. */
function along(fine: Float64Array, at: number, x: number, y: number, fx: number, fy: number): number {
  const first = fine[at] + fx * (fine[at + x] - fine[at]);
  const second = fine[at + y] + fx * (fine[at + y + x] - fine[at + y]);
  return first + fy * (second - first);
}

/**
 * For each rotation, from `start[r]` to `start[r + 1]`, the frequencies whose factor is not 0: which they are (`to`), and between
 * which pixels of the padded transform they were (`from` the one nearest to zero on every axis on, by a `fraction` along each).
 */
function placesOf(rotations: readonly Matrix3[], frequencies: readonly number[], factors: Float32Array) {
  const count = factors.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
  const start = new Int32Array(rotations.length + 1);
  const [to, from] = [new Int32Array(count), new Int32Array(count)];
  const [fraction, factor] = [new Float64Array(3 * count), new Float32Array(count)];
  const isMirrored = new Uint8Array(count);
  let place = 0;
  for (const [r, rotation] of rotations.entries()) {
    start[r] = place;
    for (const [i, k] of frequencies.entries()) {
      const own = factors[r * frequencies.length + i];
      if (own === 0) continue;
      const at = before(rotation, k);
      const side = at[0] < 0 ? -PADDING : PADDING; // the transform has one half: the other is its mirror image
      const [x, y, z] = at.map((value) => side * value) as [number, number, number];
      const [ix, iy, iz] = [Math.floor(x), Math.floor(y), Math.floor(z)];
      to[place] = i;
      from[place] = fineIndex(ix, iy, iz);
      fraction.set([x - ix, y - iy, z - iz], 3 * place);
      factor[place] = own;
      isMirrored[place] = at[0] < 0 ? 1 : 0;
      place++;
    }
  }
  start[rotations.length] = place;
  return { start, to, from, fraction, factor, isMirrored };
}
