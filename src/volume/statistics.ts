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

/** The median; of an even count the upper of the two in the middle. NaN of none. */
export function median(values: ArrayLike<number>): number {
  return new Float64Array(values).sort()[values.length >> 1] ?? Number.NaN;
}

/** Shifts and scales in place to zero mean and unit variance; values that are all equal become zeros. */
export function normaliseInPlace(values: Float32Array): void {
  const { mean, deviation } = meanAndDeviation(values);
  const scale = deviation > 0 ? 1 / deviation : 0;
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - mean) * scale;
}
