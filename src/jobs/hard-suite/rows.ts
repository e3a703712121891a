import type { PickingFigures } from "./picking.js";

/** Mean over draws of the examples, and their standard deviation. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
  readonly draws: number;
}

/** A line of the table. */
export interface PickingRow {
  readonly part: string;
  readonly shots: number;
  readonly figures: Readonly<Record<keyof PickingFigures, Spread | null>>;
}

/** Sums up the draws; what no draw measured is null. */
export function pickingRow(part: string, shots: number, draws: readonly PickingFigures[]): PickingRow {
  const keys = Object.keys(draws[0] ?? {}) as (keyof PickingFigures)[];
  const figures = Object.fromEntries(
    keys.map((key) => [key, spreadOf(draws.flatMap((draw) => draw[key] ?? []))]),
  ) as PickingRow["figures"];
  return { part, shots, figures };
}

/** Standard deviation of a sample (n - 1); zero for one value. */
export function spreadOf(values: readonly number[]): Spread | null {
  const draws = values.length;
  if (draws === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / draws;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: draws > 1 ? Math.sqrt(squares / (draws - 1)) : 0, draws };
}
