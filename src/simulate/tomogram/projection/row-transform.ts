import { centreIndex, createFftLine } from "../../../volume/index.js";
import { type PlaneGeometry, ROW_GROUP } from "./project-plane.js";

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
 * Two rows travel as real and imaginary part of one complex line, which any real and even filter keeps apart. Linear
 * interpolation between `oversampling` samples a voxel attenuates frequency f (cycles per voxel) by
 * `sinc^2(f / oversampling)`, by 0.81 or less; that is divided out on both ways.
 */
export function createRowTransform({
  fineLength,
  oversampling,
  nx: imageWidth,
}: Pick<PlaneGeometry, "fineLength" | "oversampling" | "nx">): RowTransform {
  const length = fineLength / oversampling;
  const coarse = createFftLine(length);
  const fine = createFftLine(fineLength);
  const [coarseIn, coarseOut] = [new Float64Array(2 * length), new Float64Array(2 * length)];
  const [fineIn, fineOut] = [new Float64Array(2 * fineLength), new Float64Array(2 * fineLength)];
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
      to[2 * k] = gain * from[2 * k + 1];
      to[2 * k + 1] = gain * from[2 * k];
      if (k === 0) continue;
      const [target, source] = [to.length - 2 * k, from.length - 2 * k];
      to[target] = gain * from[source + 1];
      to[target + 1] = gain * from[source];
    }
  }

  return {
    length,
    toImage(fineLine, rows) {
      for (let pair = 0; pair < ROW_GROUP; pair += 2) {
        for (let m = 0; m < fineLength; m++) {
          fineIn[2 * m] = fineLine[ROW_GROUP * m + pair];
          fineIn[2 * m + 1] = fineLine[ROW_GROUP * m + pair + 1];
        }
        fine.forward(fineIn, fineOut);
        resample(fineOut, coarseIn);
        coarse.forward(coarseIn, coarseOut);
        const [first, second] = [rows[pair], rows[pair + 1]];
        for (let i = 0; i < imageWidth; i++) {
          first[i] = coarseOut[2 * (start + i) + 1];
          second[i] = coarseOut[2 * (start + i)];
        }
      }
    },
    toFine(rows, fineLine, transfer) {
      for (let pair = 0; pair < ROW_GROUP; pair += 2) {
        const [first, second] = [rows[pair], rows[pair + 1]];
        coarseIn.fill(0);
        for (let i = 0; i < imageWidth; i++) {
          coarseIn[2 * (start + i)] = first[i];
          coarseIn[2 * (start + i) + 1] = second[i];
        }
        coarse.forward(coarseIn, coarseOut);
        resample(coarseOut, fineIn, transfer);
        fine.forward(fineIn, fineOut);
        for (let m = 0; m < fineLength; m++) {
          fineLine[ROW_GROUP * m + pair] = fineOut[2 * m + 1];
          fineLine[ROW_GROUP * m + pair + 1] = fineOut[2 * m];
        }
      }
    },
  };
}
