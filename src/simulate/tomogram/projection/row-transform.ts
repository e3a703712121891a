import { centreIndex, fftPair } from "../../../volume/index.js";
import type { PlaneGeometry } from "./project-plane.js";

/**
 * Between image rows (one sample a voxel) and fine lines (several samples a voxel, see project-plane), for one tilt and four
 * rows at a time. Fine lines are `[fineLength, 4]`, image rows are separate.
 */
export interface RowTransform {
  /** Low-pass at the voxels' Nyquist frequency and resampling; writes the image rows. */
  toImage(fineLine: Float32Array, rows: readonly Float32Array[]): void;
  /**
   * Band-limited interpolation times `transfer`, one real number for each frequency 0 to length / 2 - 1 of the padded row
   * (cycles per voxel: index / length); without it the adjoint of `toImage`. Overwrites the fine line.
   */
  toFine(rows: readonly Float32Array[], fineLine: Float32Array, transfer?: Float64Array): void;
  /** Samples of a padded image row. */
  readonly length: number;
}

/**
 * Two rows travel as real and imaginary part of one complex line, which any real and even filter keeps apart, and two lines
 * together. Linear interpolation between `oversampling` samples a voxel attenuates frequency f (cycles per voxel) by
 * `sinc^2(f / oversampling)`, by 0.81 or less; that is divided out on both ways.
 */
export function createRowTransform({
  fineLength,
  oversampling,
  nx: imageWidth,
}: Pick<PlaneGeometry, "fineLength" | "oversampling" | "nx">): RowTransform {
  const length = fineLength / oversampling;
  const coarse = fftPair(length);
  const fine = fftPair(fineLength);
  const start = length / 2 - centreIndex(imageWidth); // where the image's first sample lies in the padded row
  const half = length / 2;
  const compensation = Float64Array.from({ length: half }, (_, k) => {
    const angle = (Math.PI * k) / fineLength;
    return (k === 0 ? 1 : (angle / Math.sin(angle)) ** 2) / length;
  });

  /** The frequencies below half / length, with real and imaginary parts swapped: the forward transform then inverts. */
  function resample(from: Float64Array, to: Float64Array, transfer?: Float64Array): void {
    to.fill(0);
    for (let k = 0; k < half; k++) {
      const gain = compensation[k] * (transfer ? transfer[k] : 1);
      swap(from, 4 * k, to, 4 * k, gain);
      if (k > 0) swap(from, from.length - 4 * k, to, to.length - 4 * k, gain);
    }
  }

  return {
    length,
    toImage(fineLine, rows) {
      const { input } = fine;
      for (let m = 0; m < 4 * fineLength; m += 4) {
        input[m] = fineLine[m];
        input[m + 1] = fineLine[m + 2];
        input[m + 2] = fineLine[m + 1];
        input[m + 3] = fineLine[m + 3];
      }
      fine.forward();
      resample(fine.output, coarse.input);
      coarse.forward();
      const { output } = coarse;
      for (const [row, part] of PART_OF_ROW.entries()) {
        const image = rows[row];
        for (let i = 0, at = 4 * start + (part ^ 2); i < imageWidth; i++, at += 4) image[i] = output[at];
      }
    },
    toFine(rows, fineLine, transfer) {
      const { input } = coarse;
      input.fill(0);
      for (const [row, part] of PART_OF_ROW.entries()) {
        const image = rows[row];
        for (let i = 0, at = 4 * start + part; i < imageWidth; i++, at += 4) input[at] = image[i];
      }
      coarse.forward();
      resample(coarse.output, fine.input, transfer);
      fine.forward();
      const { output } = fine;
      for (let m = 0; m < 4 * fineLength; m += 4) {
        fineLine[m] = output[m + 2];
        fineLine[m + 1] = output[m];
        fineLine[m + 2] = output[m + 3];
        fineLine[m + 3] = output[m + 1];
      }
    },
  };
}

/** Where the four rows go within a value of two lines: the first and third are real parts, the others imaginary ones. */
const PART_OF_ROW = [0, 2, 1, 3];

/** A value of both lines times `gain`, real and imaginary parts swapped. */
function swap(from: Float64Array, source: number, to: Float64Array, target: number, gain: number): void {
  to[target] = gain * from[source + 2];
  to[target + 1] = gain * from[source + 3];
  to[target + 2] = gain * from[source];
  to[target + 3] = gain * from[source + 1];
}
