/** A reference in every orientation, at the compared frequencies. */
import type { Matrix3 } from "../../volume/index.js";
import { borrowMemory } from "../../wasm/index.js";
import { band } from "./band.js";
import { createPaddedTransform, FINE_LENGTH, fineIndex, PADDING, TRANSFORM_LENGTH } from "./padded-transform.js";
import { createTurnKernel, PLACE_WORDS, ROW_MULTIPLE } from "./turn-kernel.js";

/** The edge of what is measured to a tilt angle, `|kz| = tan(tilt) |kx|`; infinite where no frequencies are missing. */
export function slopeOf(tiltDegrees: number | undefined): number {
  return tiltDegrees === undefined || tiltDegrees >= 90
    ? Number.POSITIVE_INFINITY
    : Math.tan((tiltDegrees * Math.PI) / 180);
}

/** Where `|kz| <= slope |kx|`, widened by half a Fourier pixel (see `wedgeMask`). */
export function isMeasured(x: number, z: number, slope: number): boolean {
  return slope === Number.POSITIVE_INFINITY || Math.abs(z) <= slope * Math.abs(x) + 0.5;
}

/** Frequencies of the band that were measured in boxes tilted about y to `tiltDegrees` with the beam along z, by their numbers. */
export function measuredFrequencies(tiltDegrees: number | undefined): number[] {
  const slope = slopeOf(tiltDegrees);
  return Array.from({ length: band.count }, (_, k) => k).filter((k) => isMeasured(band.x[k], band.z[k], slope));
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
  const common = new Float32Array(rotations.length * frequencies.length);
  const slope = slopeOf(tiltDegrees);
  let at = 0;
  for (const [a, , c, d, , f, g, , i] of rotations)
    for (const k of frequencies) {
      const x = band.x[k];
      const y = band.y[k];
      const z = band.z[k];
      if (isMeasured(a * x + d * y + g * z, c * x + f * y + i * z, slope)) common[at] = 1;
      at++;
    }
  return common;
}

/** What `createTurner` turns references by. */
export interface Turning {
  readonly rotations: readonly Matrix3[];
  /** Those of the band that are wanted, by their numbers. */
  readonly frequencies: readonly number[];
  /** `[rotations, frequencies]`: what each is multiplied by. */
  readonly factors: Float32Array;
  /** References that are there in every orientation at a time, at most. */
  readonly references: number;
}

/** References in every orientation; `using` it, or dispose of it. */
export interface Turner extends Disposable {
  /**
   * `[references, rotations, rowLength(frequencies)]`, all real parts, then all imaginary ones, then zeros: whole numbers, the largest of
   * each row 127, 128 standing for zero.
   */
  readonly rows: Uint8Array;
  /** The length of each row as it was before rounding, `[references, rotations]`; 1 where it is zero. */
  readonly lengths: Float32Array;
  /** Puts references in every orientation, in place of those before. */
  turn(references: readonly Float32Array[]): void;
}

/** Length of rows that hold so many complex frequencies. */
export const rowLength = (frequencies: number): number => ROW_MULTIPLE * Math.ceil((2 * frequencies) / ROW_MULTIPLE);

const LARGEST = 127;

export function createTurner({ rotations, frequencies, factors, references }: Turning): Turner {
  const places = placesOf(rotations, frequencies, factors);
  const length = rowLength(frequencies.length);
  const count = references * rotations.length;
  // Sums of a row, what transforms need, padded transforms, one row before it is rounded, places; then the rounded rows.
  const transformAt = 8;
  const fineAt = transformAt + TRANSFORM_LENGTH;
  const fineStride = 4 * Math.ceil(FINE_LENGTH / 4) + 4;
  const rowAt = fineAt + references * fineStride;
  const placesAt = rowAt + length;
  const bytesAt = 4 * (placesAt + places.words.length);
  const borrowed = borrowMemory(bytesAt + count * length);
  const { buffer } = borrowed.memory;
  const floats = new Float32Array(buffer, 0, placesAt);
  new Int32Array(buffer).set(places.words, placesAt);
  const row = floats.subarray(rowAt, rowAt + length);
  const rows = new Uint8Array(buffer, bytesAt, count * length);
  const lengths = new Float32Array(count);
  const kernel = createTurnKernel(borrowed.memory);
  const transform = createPaddedTransform(borrowed.memory, transformAt);
  const address = (place: number) => 4 * (placesAt + place * PLACE_WORDS);
  return {
    rows,
    lengths,
    turn(given) {
      for (const [i, reference] of given.entries()) transform(reference, fineAt + i * fineStride);
      // Of each rotation all references, while its places are at hand.
      for (let r = 0; r < rotations.length; r++) {
        const [start, end] = [address(places.start[r]), address(places.start[r + 1])];
        row.fill(0);
        for (let i = 0; i < given.length; i++) {
          const at = i * rotations.length + r;
          floats.fill(0, 0, transformAt);
          if (start < end) kernel.turn(start, end, 4 * (fineAt + i * fineStride), 4 * rowAt, 4 * frequencies.length, 0);
          const [squares, highest] = [floats[0] + floats[1], Math.max(floats[4], floats[5])];
          const scale = Math.fround(highest > 0 ? LARGEST / highest : 0);
          kernel.round(4 * rowAt, 4 * placesAt, bytesAt + at * length, scale);
          lengths[at] = squares > 0 ? scale * Math.sqrt(squares) : 1;
        }
      }
    },
    [Symbol.dispose]: () => borrowed[Symbol.dispose](),
  };
}

/**
 * For each rotation, from `start[r]` to `start[r + 1]`, the places (see `PLACE_WORDS`) of the frequencies whose factor is not 0; the
 * pixels by their index in the padded transform.
 */
function placesOf(rotations: readonly Matrix3[], frequencies: readonly number[], factors: Float32Array) {
  let count = 0;
  for (const factor of factors) if (factor !== 0) count++;
  const start = new Int32Array(rotations.length + 1);
  const words = new Int32Array(count * PLACE_WORDS);
  const floats = new Float32Array(words.buffer);
  let at = 0;
  for (const [r, [a, b, c, d, e, f, g, h, i]] of rotations.entries()) {
    start[r] = at / PLACE_WORDS;
    for (let number = 0; number < frequencies.length; number++) {
      const factor = factors[r * frequencies.length + number];
      if (factor === 0) continue;
      const k = frequencies[number];
      const kx = band.x[k];
      const ky = band.y[k];
      const kz = band.z[k];
      // Where the frequency was before the rotation.
      const fromX = a * kx + d * ky + g * kz;
      const side = fromX < 0 ? -1 : 1; // the transform has one half: the other is its mirror image
      const x = side * PADDING * fromX;
      const y = side * PADDING * (b * kx + e * ky + h * kz);
      const z = side * PADDING * (c * kx + f * ky + i * kz);
      const ix = Math.floor(x);
      const iy = Math.floor(y);
      const iz = Math.floor(z);
      words[at] = 4 * fineIndex(ix, iy, iz);
      words[at + 1] = 4 * number;
      floats[at + 2] = x - ix;
      floats[at + 3] = y - iy;
      floats[at + 4] = factor;
      floats[at + 5] = side * factor;
      floats[at + 6] = z - iz;
      at += PLACE_WORDS;
    }
  }
  start[rotations.length] = at / PLACE_WORDS;
  return { start, words };
}
