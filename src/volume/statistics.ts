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

/**
 * `normaliseInPlace` of each `length` values, four at a time: sums of one would wait for one another.
 * @param values a whole number of times `length` of them
 */
export function normaliseEachInPlace(values: Float32Array, length: number): void {
  const four = 4 * length;
  let start = 0;
  for (; start + four <= values.length; start += four) normaliseFour(values.subarray(start, start + four), length);
  for (; start < values.length; start += length) normaliseInPlace(values.subarray(start, start + length));
}

function normaliseFour(values: Float32Array, length: number): void {
  const [second, third, fourth] = [length, 2 * length, 3 * length];
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    a += values[i];
    b += values[i + second];
    c += values[i + third];
    d += values[i + fourth];
  }
  const means = [a / length, b / length, c / length, d / length];
  const squares = squaresAboutFour(values, length, means);
  for (let box = 0; box < 4; box++)
    scaleInPlace(values.subarray(box * length, (box + 1) * length), means[box], Math.sqrt(squares[box] / length));
}

function squaresAboutFour(values: Float32Array, length: number, means: readonly number[]): readonly number[] {
  const [second, third, fourth] = [length, 2 * length, 3 * length];
  const [meanA, meanB, meanC, meanD] = means;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const fromA = values[i] - meanA;
    const fromB = values[i + second] - meanB;
    const fromC = values[i + third] - meanC;
    const fromD = values[i + fourth] - meanD;
    a += fromA * fromA;
    b += fromB * fromB;
    c += fromC * fromC;
    d += fromD * fromD;
  }
  return [a, b, c, d];
}

/** Shifts and scales in place to zero mean and unit variance; values that are all equal become zeros. */
export function normaliseInPlace(values: Float32Array): void {
  const { mean, deviation } = meanAndDeviation(values);
  scaleInPlace(values, mean, deviation);
}

function scaleInPlace(values: Float32Array, mean: number, deviation: number): void {
  const scale = deviation > 0 ? 1 / deviation : 0;
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - mean) * scale;
}
