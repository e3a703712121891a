/** Mean over draws, and their standard deviation. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
  readonly draws: number;
}

/** Standard deviation of a sample (n - 1); zero for one value. Null for none. */
export function spreadOf(values: readonly number[]): Spread | null {
  const draws = values.length;
  if (draws === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / draws;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: draws > 1 ? Math.sqrt(squares / (draws - 1)) : 0, draws };
}

/** The spread of each figure over the draws; what no draw measured is null. */
export function spreadsOf<Key extends string>(
  draws: readonly Readonly<Record<Key, number | null>>[],
): Record<Key, Spread | null> {
  const keys = Object.keys(draws[0] ?? {}) as Key[]; // the record's own
  const spreads = keys.map((key) => [key, spreadOf(draws.flatMap((draw) => draw[key] ?? []))]);
  return Object.fromEntries(spreads) as Record<Key, Spread | null>;
}

/** JSON has no NaN. */
export function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
