/** A reference in every orientation, at the compared frequencies. */
import { centreIndex, createFft3, interpolationCorrection, type Matrix3 } from "../../volume/index.js";
import { band, COMPARED_EDGE } from "./band.js";
import { centringSign } from "./spectrum.js";

/** The transform is taken of twice the edge, so that it can be interpolated linearly. */
const PADDING = 2;
const PADDED_EDGE = PADDING * COMPARED_EDGE;

/** Where `|kz| <= tan(tilt) |kx|`, widened by half a Fourier pixel (see `wedgeMask`); everywhere without a tilt. */
export function isMeasured(x: number, z: number, tiltDegrees: number | undefined): boolean {
  if (tiltDegrees === undefined || tiltDegrees >= 90) return true;
  return Math.abs(z) <= Math.tan((tiltDegrees * Math.PI) / 180) * Math.abs(x) + 0.5;
}

/**
 * For each rotation, 1 at the frequencies that were measured both in a box and in a rotated reference, `[rotations, band.count]`:
 * both were tilted about y to `tiltDegrees` with the beam along z.
 */
export function commonFrequencies(rotations: readonly Matrix3[], tiltDegrees: number | undefined): Float32Array {
  const common = new Float32Array(rotations.length * band.count);
  for (const [r, rotation] of rotations.entries())
    for (let k = 0; k < band.count; k++) {
      const [x, , z] = before(rotation, k);
      const both = isMeasured(band.x[k], band.z[k], tiltDegrees) && isMeasured(x, z, tiltDegrees);
      common[r * band.count + k] = both ? 1 : 0;
    }
  return common;
}

/** Where frequency `k` of the rotated reference was before the rotation. */
function before([a, b, c, d, e, f, g, h, i]: Matrix3, k: number): readonly [number, number, number] {
  const [x, y, z] = [band.x[k], band.y[k], band.z[k]];
  return [a * x + d * y + g * z, b * x + e * y + h * z, c * x + f * y + i * z];
}

/**
 * Turns references; holds plans and scratch memory, so it serves one caller at a time. `turn` fills `into`
 * `[rotations, 2 * band.count]` with the spectrum after each rotation, times `factors` `[rotations, band.count]`, each brought
 * to unit length.
 */
export function createTurner(rotations: readonly Matrix3[]) {
  const small = createFft3([COMPARED_EDGE, COMPARED_EDGE, COMPARED_EDGE]);
  const large = createFft3([PADDED_EDGE, PADDED_EDGE, PADDED_EDGE]);
  const spectrum = small.createSpectrum();
  const box = new Float32Array(COMPARED_EDGE ** 3);
  const padded = new Float32Array(PADDED_EDGE ** 3);
  const fine = large.createSpectrum();
  const corners = cornersOf(rotations);

  function transform(reference: Float32Array): void {
    spectrum.fill(0);
    writeBand(reference, spectrum, small.halfWidth);
    small.inverse(spectrum, box);
    padded.fill(0);
    const first = centreIndex(PADDED_EDGE) - centreIndex(COMPARED_EDGE);
    for (let z = 0, at = 0; z < COMPARED_EDGE; z++)
      for (let y = 0; y < COMPARED_EDGE; y++) {
        const row = ((first + z) * PADDED_EDGE + first + y) * PADDED_EDGE + first;
        for (let x = 0; x < COMPARED_EDGE; x++, at++)
          padded[row + x] = box[at] * correction[x] * correction[y] * correction[z];
      }
    large.forward(padded, fine);
  }

  return function turn(reference: Float32Array, factors: Float32Array, into: Float32Array): void {
    transform(reference);
    for (let r = 0; r < rotations.length; r++) {
      const start = 2 * r * band.count;
      let squares = 0;
      for (let k = 0; k < band.count; k++) {
        const factor = factors[r * band.count + k];
        if (factor === 0) {
          into[start + k] = into[start + band.count + k] = 0;
          continue;
        }
        let real = 0;
        let imaginary = 0;
        for (let corner = 8 * (r * band.count + k), end = corner + 8; corner < end; corner++) {
          const from = corners.at[corner];
          real += corners.weight[corner] * fine[from];
          imaginary += corners.weight[corner] * fine[from + 1];
        }
        into[start + k] = factor * real;
        into[start + band.count + k] = factor * (corners.mirrored[r * band.count + k] ? -imaginary : imaginary);
        squares += factor ** 2 * (real ** 2 + imaginary ** 2);
      }
      const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
      for (let at = start; at < start + 2 * band.count; at++) into[at] *= scale;
    }
  };
}

/** Linear interpolation between Fourier pixels fades the box towards its faces by sinc^2; this undoes it beforehand. */
const correction = interpolationCorrection(COMPARED_EDGE, PADDED_EDGE);

/** The inverse of reading the band; the other frequencies stay zero. */
function writeBand(reference: Float32Array, spectrum: Float64Array, halfWidth: number): void {
  const put = (x: number, y: number, z: number, real: number, imaginary: number): void => {
    const [row, column] = [z < 0 ? z + COMPARED_EDGE : z, y < 0 ? y + COMPARED_EDGE : y];
    const at = 2 * ((row * COMPARED_EDGE + column) * halfWidth + x);
    spectrum[at] = real;
    spectrum[at + 1] = imaginary;
  };
  for (let k = 0; k < band.count; k++) {
    const [x, y, z] = [band.x[k], band.y[k], band.z[k]];
    const sign = centringSign(x, y, z);
    const [real, imaginary] = [sign * reference[k], sign * reference[band.count + k]];
    put(x, y, z, real, imaginary);
    if (x === 0) put(0, -y, -z, real, -imaginary); // the plane that holds a frequency and its mirror image
  }
}

/**
 * Where each frequency of each rotated reference is between the pixels of the padded transform: for trilinear interpolation the
 * places and weights of eight of them, with the sign that counts phases from the centre. A third of the work of turning.
 */
function cornersOf(rotations: readonly Matrix3[]) {
  const count = rotations.length * band.count;
  const [at, weight, mirrored] = [new Int32Array(8 * count), new Float32Array(8 * count), new Uint8Array(count)];
  for (const [r, rotation] of rotations.entries())
    for (let k = 0; k < band.count; k++) {
      const own = r * band.count + k;
      const [x, y, z] = before(rotation, k);
      const side = x < 0 ? -PADDING : PADDING; // the transform has one half: the other is its mirror image
      mirrored[own] = x < 0 ? 1 : 0;
      fillCorners(side * x, side * y, side * z, at.subarray(8 * own), weight.subarray(8 * own));
    }
  return { at, weight, mirrored };
}

/** At a position in pixels of the padded transform. */
function fillCorners(x: number, y: number, z: number, at: Int32Array, weight: Float32Array): void {
  const [ix, iy, iz] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const halfWidth = PADDED_EDGE / 2 + 1;
  for (let corner = 0; corner < 8; corner++) {
    const [cx, cy, cz] = [ix + (corner & 1), iy + ((corner >> 1) & 1), iz + (corner >> 2)];
    const [row, column] = [cz < 0 ? cz + PADDED_EDGE : cz, cy < 0 ? cy + PADDED_EDGE : cy];
    at[corner] = 2 * ((row * PADDED_EDGE + column) * halfWidth + cx);
    const near = (1 - Math.abs(x - cx)) * (1 - Math.abs(y - cy)) * (1 - Math.abs(z - cz));
    weight[corner] = near * centringSign(cx, cy, cz);
  }
}
