/** Mean and standard deviation (of the whole, divisor n) of all values. */
export function meanAndDeviation(values: Float32Array): { readonly mean: number; readonly deviation: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = values[i] - mean;
    squares += difference * difference;
  }
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

/** The median; of an even count the upper of the two in the middle, NaN above all numbers. NaN of none. */
export function median(values: ArrayLike<number>): number {
  const sorted = new Float64Array(values);
  const middle = sorted.length >> 1;
  return (sorted.some(Number.isNaN) ? sorted.sort()[middle] : valueOfRank(sorted, middle)) ?? Number.NaN;
}

/** A standard deviation in median absolute deviations of a normal distribution. */
export const OF_MEDIAN_DEVIATIONS = 1.4826;

/** The standard deviation of most of the values, which a few far from the rest hardly change. */
export function robustDeviation(values: Float32Array | readonly number[], middle: number = median(values)): number {
  return OF_MEDIAN_DEVIATIONS * median(values.map((value) => Math.abs(value - middle)));
}

/**
 * The value that sorting would put at `index`, which is moved there: Hoare's selection, a fifth of the time of sorting.
 * @param values none of them NaN; they change places
 */
export function valueOfRank(values: Float64Array | Float32Array, index: number): number | undefined {
  let [first, last] = [0, values.length - 1];
  while (first < last) {
    const pivot = values[index];
    let [low, high] = [first, last];
    while (low <= high) {
      while (values[low] < pivot) low++;
      while (pivot < values[high]) high--;
      if (low > high) break;
      const value = values[low];
      values[low++] = values[high];
      values[high--] = value;
    }
    if (high < index) first = low;
    if (index < low) last = high;
  }
  return values[index];
}

/** Shifts and scales in place to zero mean and unit variance; values that are all equal become zeros. */
export function normaliseInPlace(values: Float32Array): void {
  const { mean, deviation } = meanAndDeviation(values);
  const scale = deviation > 0 ? 1 / deviation : 0;
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - mean) * scale;
}
