import { ConfigError } from "../../../errors.js";
import { centreIndex, type Shape3, type Vector3 } from "../../../volume/index.js";
import { inReadingOrder } from "../extract.js";
import type { RowRange } from "../projection/row-group.js";

/** Cubes of `size` voxels around `centres` (voxel indices, not necessarily whole); those that do not fit inside are left out. */
export interface MeasuredBoxes {
  readonly centres: readonly Vector3[];
  readonly size: number;
}

/**
 * The variance of a field: of the whole, or with `boxes` the mean of the variances within each box.
 * @throws ConfigError when no box lies inside.
 */
export function fieldVariance(data: Float32Array, shape: Shape3, boxes?: MeasuredBoxes): number {
  const variances = boxVariances(data, shape, boxes);
  return variances.reduce((sum, variance) => sum + variance, 0) / variances.length;
}

/**
 * The variance of a field: of the whole, or with `boxes` the median of the variances within each box, which is what a
 * signal-to-noise ratio is made of: a few boxes that are unlike the others do not change it.
 * @throws ConfigError when no box lies inside.
 */
export function medianVariance(data: Float32Array, shape: Shape3, boxes?: MeasuredBoxes): number {
  return middleOf(boxVariances(data, shape, boxes));
}

/** The median; of an even count the mean of the two in the middle. Sorts `values`. */
export function middleOf(values: Float64Array): number {
  values.sort();
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

function boxVariances(data: Float32Array, shape: Shape3, boxes: MeasuredBoxes | undefined): Float64Array {
  if (!boxes) return Float64Array.of(boxVariance(data, shape, [0, 0, 0], shape));
  const { size } = boxes;
  const corners = boxCorners(shape, boxes);
  const variances = new Float64Array(corners.length / 3);
  fillVariances({ data, shape, corners, size, variances }, { first: 0, end: variances.length });
  return variances;
}

/**
 * The first voxel z, y, x of every box that lies inside, one after the other. In the order of their depth, then of y: a box
 * finds in the cache what the one before has read of its sections.
 * @throws ConfigError when none does.
 */
export function boxCorners(shape: Shape3, { centres, size }: MeasuredBoxes): Int32Array {
  const corners = centres
    .map(({ x, y, z }) => [z, y, x].map((c) => Math.round(c) - centreIndex(size)) as [number, number, number])
    .filter((corner) => corner.every((start, axis) => start >= 0 && start + size <= shape[axis]))
    .sort(inReadingOrder);
  if (corners.length === 0)
    throw new ConfigError(`none of ${centres.length} boxes of ${size}^3 voxels lies inside [${shape.join(", ")}]`, {
      hint: "Give smaller boxes or a larger tomogram.",
    });
  return Int32Array.from(corners.flat());
}

/** Variances of some boxes of a field. */
export interface VarianceJob {
  readonly data: Float32Array;
  readonly shape: Shape3;
  /** See `boxCorners`. */
  readonly corners: Int32Array;
  readonly size: number;
  /** One for each box: written. */
  readonly variances: Float64Array;
}

/** Writes the variances of the boxes `[first, end)`. */
export function fillVariances({ data, shape, corners, size, variances }: VarianceJob, { first, end }: RowRange): void {
  for (let box = first; box < end; box++) {
    const corner: Shape3 = [corners[3 * box], corners[3 * box + 1], corners[3 * box + 2]];
    variances[box] = boxVariance(data, shape, corner, [size, size, size]);
  }
}

function boxVariance(
  data: Float32Array,
  [, ny, nx]: Shape3,
  [z0, y0, x0]: Shape3,
  [depth, height, width]: Shape3,
): number {
  let [sum, squares] = [0, 0];
  // Sums of deviations from one of the values: no digits are lost when the mean is far from zero.
  const origin = data[(z0 * ny + y0) * nx + x0];
  for (let z = z0; z < z0 + depth; z++) {
    let y = y0;
    // Three rows at a time, whose sums do not wait for one another.
    for (; y + 2 < y0 + height; y += 3) {
      const from = (z * ny + y) * nx + x0;
      let [sum0, sum1, sum2] = [0, 0, 0];
      let [squares0, squares1, squares2] = [0, 0, 0];
      const end = from + width;
      for (let at = from; at < end; at++) {
        const value0 = data[at] - origin;
        const value1 = data[at + nx] - origin;
        const value2 = data[at + 2 * nx] - origin;
        sum0 += value0;
        sum1 += value1;
        sum2 += value2;
        squares0 += value0 * value0;
        squares1 += value1 * value1;
        squares2 += value2 * value2;
      }
      sum = sum + sum0 + sum1 + sum2;
      squares = squares + squares0 + squares1 + squares2;
    }
    for (; y < y0 + height; y++) {
      const from = (z * ny + y) * nx + x0;
      let [rowSum, rowSquares] = [0, 0];
      for (let at = from; at < from + width; at++) {
        const value = data[at] - origin;
        rowSum += value;
        rowSquares += value * value;
      }
      sum += rowSum;
      squares += rowSquares;
    }
  }
  const count = depth * height * width;
  return squares / count - (sum / count) ** 2;
}

/**
 * The factor that brings a noise field to the requested signal-to-noise ratio, var(signal) / var(factor x noise). Both are
 * reconstructions of the same geometry, of the noise-free images and of noise alone; as reconstruction is linear, the same
 * factor on the noise images gives the same tomogram. For counts, `1 / factor^2` is the dose factor to draw them at.
 * @throws ConfigError when the ratio is impossible or one of the fields is empty.
 */
export function noiseFactor(signalVariance: number, noiseVariance: number, snr: number): number {
  if (!(snr > 0))
    throw new ConfigError(`a signal-to-noise ratio of ${snr} is impossible`, { hint: "Give more than 0." });
  if (snr === Infinity) return 0;
  if (!(signalVariance > 0 && noiseVariance > 0))
    throw new ConfigError(
      `a signal-to-noise ratio needs signal and noise, got variances ${signalVariance} and ${noiseVariance}`,
      {
        hint: "Put particles into the specimen, or ask for no noise (infinity).",
      },
    );
  return Math.sqrt(signalVariance / (snr * noiseVariance));
}

/** `into = signal + factor x noise`; `into` may be one of them. */
export function addScaled(signal: Float32Array, noise: Float32Array, factor: number, into: Float32Array): void {
  for (let i = 0; i < into.length; i++) into[i] = signal[i] + factor * noise[i];
}
