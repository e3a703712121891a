import { ShapeError } from "../../errors.js";
import { centreIndex, type Shape3, voxelCount } from "../volume.js";
import { type FftPair, fftPair } from "./fft-pair.js";

/**
 * The Fourier transform of real volumes of one shape. Spectra are `[nz, ny, floor(nx / 2) + 1]` complex values (real
 * and imaginary parts in turn, x fastest, zero frequency first on every axis): the other half follows from
 * `F(-k) = conj F(k)`. Plans and scratch belong to this object, so it serves one caller at a time.
 */
export interface Fft3 {
  readonly shape: Shape3;
  /** Complex columns along x: floor(nx / 2) + 1. */
  readonly halfWidth: number;
  /** A zeroed spectrum of the right length, `2 * nz * ny * halfWidth` values. */
  createSpectrum(): Float64Array;
  /** Unscaled forward transform; the value at zero frequency is the sum of the voxels. */
  forward(volume: Float32Array, spectrum: Float64Array): void;
  /**
   * Inverse of `forward`, scaled by 1 / (nz ny nx). Overwrites `spectrum`. Where the spectrum breaks the symmetry of a
   * real volume (possible only in the planes kx = 0 and kx = nx / 2), its symmetric part is what counts.
   */
  inverse(spectrum: Float64Array, volume: Float32Array): void;
}

/** @throws ShapeError (from `forward` and `inverse`) when an array does not fit `shape`. */
export function createFft3(shape: Shape3): Fft3 {
  const [nz, ny, nx] = shape;
  const halfWidth = Math.floor(nx / 2) + 1;
  const [linesX, linesY, linesZ] = [fftPair(nx), fftPair(ny), fftPair(nz)];
  const spectrumLength = 2 * nz * ny * halfWidth;
  const check = (volume: Float32Array, spectrum: Float64Array) => {
    if (volume.length !== voxelCount(shape) || spectrum.length !== spectrumLength)
      throw new ShapeError(
        `a transform of shape [${shape.join(", ")}] takes ${voxelCount(shape)} voxels and ${spectrumLength} spectrum ` +
          `values, got ${volume.length} and ${spectrum.length}`,
      );
  };

  /** Transforms the lines of the y or z axis in place, two columns at a time; `inverse` swaps real and imaginary parts on the way. */
  function transformAxis(
    spectrum: Float64Array,
    lines: FftPair,
    { outer, outerStride, stride, inverse }: { outer: number; outerStride: number; stride: number; inverse: boolean },
  ): void {
    const { length, input, output } = lines;
    if (length === 1) return;
    const [re, im] = inverse ? [2, 0] : [0, 2]; // where the parts go within a value
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < halfWidth; i += 2) {
        const start = o * outerStride + 2 * i;
        const other = i + 1 < halfWidth ? 2 : 0; // a last column without a neighbour is done twice
        let [isZero, isOtherZero] = [true, true]; // as around a box amid zeros, whose lines need no transform
        for (let j = 0, at = start; j < length; j++, at += stride) {
          input[4 * j + re] = spectrum[at];
          input[4 * j + im] = spectrum[at + 1];
          input[4 * j + re + 1] = spectrum[at + other];
          input[4 * j + im + 1] = spectrum[at + other + 1];
          isZero &&= spectrum[at] === 0 && spectrum[at + 1] === 0;
          isOtherZero &&= spectrum[at + other] === 0 && spectrum[at + other + 1] === 0;
        }
        if (isZero && isOtherZero) continue;
        lines.forward();
        if (!isZero)
          for (let j = 0, at = start; j < length; j++, at += stride) {
            spectrum[at] = output[4 * j + re];
            spectrum[at + 1] = output[4 * j + im];
          }
        if (!isOtherZero)
          for (let j = 0, at = start + other; j < length; j++, at += stride) {
            spectrum[at] = output[4 * j + re + 1];
            spectrum[at + 1] = output[4 * j + im + 1];
          }
      }
    }
  }
  function transformYZ(spectrum: Float64Array, inverse: boolean): void {
    const row = 2 * halfWidth;
    const plane = row * ny;
    transformAxis(spectrum, linesY, { outer: nz, outerStride: plane, stride: row, inverse });
    transformAxis(spectrum, linesZ, { outer: ny, outerStride: row, stride: plane, inverse });
  }

  return {
    shape,
    halfWidth,
    createSpectrum: () => new Float64Array(spectrumLength),
    forward(volume, spectrum) {
      check(volume, spectrum);
      const { input, output } = linesX;
      const rows = nz * ny;
      // Two real rows a and b in one complex transform: A = (F(k) + conj F(-k)) / 2, B = (F(k) - conj F(-k)) / 2i.
      for (let r = 0; r < rows; r += 4) {
        const there = Math.min(4, rows - r);
        for (let row = 0; row < 4; row++) {
          const at = (r + row) * nx;
          const part = partOfRow(row);
          if (row < there) for (let i = 0; i < nx; i++) input[4 * i + part] = volume[at + i];
          else for (let i = 0; i < nx; i++) input[4 * i + part] = 0;
        }
        linesX.forward();
        for (let lane = 0; 2 * lane < there; lane++) {
          const paired = 2 * lane + 1 < there;
          const out = 2 * (r + 2 * lane) * halfWidth;
          for (let k = 0; k < halfWidth; k++) {
            const m = (k === 0 ? 0 : 4 * (nx - k)) + lane;
            const re = output[4 * k + lane];
            const im = output[4 * k + lane + 2];
            const mirrorRe = output[m];
            const mirrorIm = output[m + 2];
            spectrum[out + 2 * k] = (re + mirrorRe) / 2;
            spectrum[out + 2 * k + 1] = (im - mirrorIm) / 2;
            if (paired) {
              spectrum[out + 2 * (halfWidth + k)] = (im + mirrorIm) / 2;
              spectrum[out + 2 * (halfWidth + k) + 1] = (mirrorRe - re) / 2;
            }
          }
        }
      }
      transformYZ(spectrum, false);
    },
    inverse(spectrum, volume) {
      check(volume, spectrum);
      transformYZ(spectrum, true);
      const { input, output } = linesX;
      const rows = nz * ny;
      const scale = 1 / voxelCount(shape);
      const nyquist = nx % 2 === 0 ? nx / 2 : -1;
      // F = A + iB, stored with real and imaginary parts swapped so that the forward transform inverts.
      for (let r = 0; r < rows; r += 4) {
        const there = Math.min(4, rows - r);
        for (let lane = 0; 2 * lane < there; lane++) {
          const paired = 2 * lane + 1 < there;
          const a = 2 * (r + 2 * lane) * halfWidth;
          const b = paired ? a + 2 * halfWidth : a;
          for (let k = 0; k < halfWidth; k++) {
            const real = k === 0 || k === nyquist;
            const aRe = spectrum[a + 2 * k];
            const aIm = real ? 0 : spectrum[a + 2 * k + 1];
            const bRe = paired ? spectrum[b + 2 * k] : 0;
            const bIm = paired && !real ? spectrum[b + 2 * k + 1] : 0;
            input[4 * k + lane] = aIm + bRe;
            input[4 * k + lane + 2] = aRe - bIm;
            if (!real) {
              const m = 4 * (nx - k) + lane;
              input[m] = bRe - aIm;
              input[m + 2] = aRe + bIm;
            }
          }
        }
        linesX.forward();
        for (let row = 0; row < there; row++) {
          const at = (r + row) * nx;
          const part = partOfRow(row ^ 1); // the parts are swapped
          for (let i = 0; i < nx; i++) volume[at + i] = output[4 * i + part] * scale;
        }
      }
    },
  };
}

/** Where the values of four rows go: the first and third are real parts, the others imaginary parts, of two lines. */
const partOfRow = (row: number): number => (row >> 1) + 2 * (row & 1);

/**
 * Linear interpolation of the transform of a box amid zeros fades the box towards its faces by sinc^2 along each axis. What
 * undoes it, by index along an axis; `paddedEdge` counts the zeros, too.
 */
export function interpolationCorrection(edge: number, paddedEdge: number): Float64Array {
  return Float64Array.from({ length: edge }, (_, i) => {
    const t = (Math.PI * (i - centreIndex(edge))) / paddedEdge;
    return t === 0 ? 1 : (t / Math.sin(t)) ** 2;
  });
}
