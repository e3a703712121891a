import { OF_MEDIAN_DEVIATIONS } from "../../volume/index.js";

/** The grey values of a tomogram, measured on a sample of its voxels. */
export interface GreyStatistics {
  readonly mean: number;
  readonly deviation: number;
  readonly median: number;
  /** Fraction of the sample that is exactly the commonest value and was left out: padding. */
  readonly paddingShare: number;
}

/** Values further from the median than this many robust deviations (gold, dust, edges) are clipped to that. */
const CLIP_DEVIATIONS = 8;
/** No measured grey value occurs so often; one that does is padding. */
const PADDING_SHARE = 0.01;

/**
 * Mean and deviation that a few very dense or empty voxels cannot move: the padding value is left out, and values beyond 8
 * robust deviations (as `robustDeviation` gives) from the median are clipped. Without outliers they are the plain mean and
 * deviation.
 */
export function greyStatistics(sample: Float32Array): GreyStatistics {
  const finite = finiteValues(sample).sort();
  const padding = commonest(finite);
  const isPadding = padding.count > Math.max(8, PADDING_SHARE * finite.length) && padding.count < finite.length;
  // Integer files hold few values: one that is common there is no padding unless it is an extreme or exactly zero.
  const extreme = padding.value === finite[0] || padding.value === finite.at(-1) || padding.value === 0;
  const leftOut = isPadding && extreme && !isInteger(finite);
  const values = leftOut ? finite.filter((value) => value !== padding.value) : finite;
  if (values.length === 0) return { mean: 0, deviation: 0, median: 0, paddingShare: 0 };
  const median = values[values.length >> 1];
  const robust = OF_MEDIAN_DEVIATIONS * medianDistance(values, values.length >> 1);
  const reach = robust > 0 ? CLIP_DEVIATIONS * robust : Number.POSITIVE_INFINITY;
  let [sum, squares] = [0, 0];
  for (const value of values) {
    const clipped = Math.max(-reach, Math.min(reach, value - median));
    sum += clipped;
    squares += clipped * clipped;
  }
  const offset = sum / values.length;
  return {
    mean: median + offset,
    deviation: Math.sqrt(Math.max(0, squares / values.length - offset * offset)),
    median,
    paddingShare: leftOut ? padding.count / finite.length : 0,
  };
}

function finiteValues(values: Float32Array): Float32Array {
  const finite = new Float32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] - values[i] === 0) finite[count++] = values[i];
  return finite.subarray(0, count);
}

/**
 * Median of the distances, in float32, of sorted values from the one at `middle`; of an even count the upper of two. Two thirds of
 * the time of `robustDeviation`, which sorts again.
 */
function medianDistance(sorted: Float32Array, middle: number): number {
  const median = sorted[middle];
  let [below, above] = [middle - 1, middle];
  for (let nearer = 0; nearer < sorted.length >> 1; nearer++) {
    const isBelow = above >= sorted.length || (below >= 0 && median - sorted[below] < sorted[above] - median);
    if (isBelow) below--;
    else above++;
  }
  const toBelow = below >= 0 ? median - sorted[below] : Infinity;
  const toAbove = above < sorted.length ? sorted[above] - median : Infinity;
  return Math.fround(Math.min(toBelow, toAbove));
}

/** The value with the longest run in sorted values. */
function commonest(sorted: Float32Array): { value: number; count: number } {
  let best = { value: Number.NaN, count: 0 };
  for (let start = 0, i = 1; i <= sorted.length; i++)
    if (i === sorted.length || sorted[i] !== sorted[start]) {
      if (i - start > best.count) best = { value: sorted[start], count: i - start };
      start = i;
    }
  return best;
}

function isInteger(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i += 97) if (!Number.isInteger(values[i])) return false;
  return true;
}
