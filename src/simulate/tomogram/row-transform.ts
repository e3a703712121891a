import { centreIndex, createFftLine } from "../../volume/index.js";

/**
 * Between image rows (one sample a voxel) and fine lines (several samples a voxel, see project-plane), for one tilt and two rows
 * at a time. Fine lines hold the two rows in turn; image rows are separate.
 */
export interface RowTransform {
  /** Low-pass at the voxels' Nyquist frequency and resampling; writes two image rows. The fine line is only read. */
  toImage(fineLine: Float64Array, first: Float64Array, second: Float64Array): void;
  /**
   * Band-limited interpolation times `transfer`, one real number for each frequency 0 to length / 2 - 1 of the padded row
   * (cycles per voxel: index / length); without it the adjoint of `toImage`. Overwrites the fine line.
   */
  toFine(first: Float64Array, second: Float64Array, fineLine: Float64Array, transfer?: Float64Array): void;
  /** Samples of a padded image row. */
  readonly length: number;
}

/**
 * The two rows travel as real and imaginary part of one complex line, which any real and even filter keeps apart. Linear
 * interpolation between `oversampling` samples a voxel attenuates frequency f (cycles per voxel) by
 * `sinc^2(f / oversampling)`, by 0.81 or less; that is divided out on both ways.
 */
export function createRowTransform({
  imageWidth,
  fineLength,
  oversampling,
}: {
  readonly imageWidth: number;
  readonly fineLength: number;
  readonly oversampling: number;
}): RowTransform {
  const length = fineLength / oversampling;
  const coarse = createFftLine(length);
  const fine = createFftLine(fineLength);
  const [coarseIn, coarseOut] = [new Float64Array(2 * length), new Float64Array(2 * length)];
  const [fineIn, fineOut] = [new Float64Array(2 * fineLength), new Float64Array(2 * fineLength)];
  const first0 = length / 2 - centreIndex(imageWidth); // where the image's first sample lies in the padded row
  const compensation = Float64Array.from({ length: length / 2 }, (_, k) => {
    const angle = (Math.PI * k) / fineLength;
    return k === 0 ? 1 : (angle / Math.sin(angle)) ** 2;
  });
  const half = length / 2;
  return {
    length,
    toImage(fineLine, first, second) {
      fine.forward(fineLine, fineOut);
      // Real and imaginary parts swapped on the way in and out: the forward transform then inverts.
      coarseIn.fill(0);
      for (let k = 0; k < half; k++) {
        const gain = compensation[k]! / length;
        coarseIn[2 * k] = gain * fineOut[2 * k + 1]!;
        coarseIn[2 * k + 1] = gain * fineOut[2 * k]!;
        if (k === 0) continue;
        const [to, from] = [2 * (length - k), 2 * (fineLength - k)];
        coarseIn[to] = gain * fineOut[from + 1]!;
        coarseIn[to + 1] = gain * fineOut[from]!;
      }
      coarse.forward(coarseIn, coarseOut);
      for (let i = 0; i < imageWidth; i++) {
        first[i] = coarseOut[2 * (first0 + i) + 1]!;
        second[i] = coarseOut[2 * (first0 + i)]!;
      }
    },
    toFine(first, second, fineLine, transfer) {
      coarseIn.fill(0);
      for (let i = 0; i < imageWidth; i++) {
        coarseIn[2 * (first0 + i)] = first[i]!;
        coarseIn[2 * (first0 + i) + 1] = second[i]!;
      }
      coarse.forward(coarseIn, coarseOut);
      fineIn.fill(0);
      for (let k = 0; k < half; k++) {
        const gain = (compensation[k]! / length) * (transfer ? transfer[k]! : 1);
        fineIn[2 * k] = gain * coarseOut[2 * k + 1]!;
        fineIn[2 * k + 1] = gain * coarseOut[2 * k]!;
        if (k === 0) continue;
        const [to, from] = [2 * (fineLength - k), 2 * (length - k)];
        fineIn[to] = gain * coarseOut[from + 1]!;
        fineIn[to + 1] = gain * coarseOut[from]!;
      }
      fine.forward(fineIn, fineOut);
      for (let m = 0; m < fineLength; m++) {
        fineLine[2 * m] = fineOut[2 * m + 1]!;
        fineLine[2 * m + 1] = fineOut[2 * m]!;
      }
    },
  };
}
