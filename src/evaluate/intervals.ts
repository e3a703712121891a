import type { Random } from "../volume/index.js";

/** A 95 % confidence interval. */
export type Interval = readonly [low: number, high: number];

/** Two-sided 95 % point of the standard normal distribution. */
const Z95 = 1.959963984540054;

/**
 * Wilson score interval of a proportion (E. B. Wilson, JASA 22, 1927): unlike p +- 1.96 s it stays inside [0, 1] and is
 * right near 0 and 1. `[0, 1]` when nothing was counted.
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return [0, 1];
  const proportion = successes / trials;
  const z2 = Z95 * Z95;
  const centre = (proportion + z2 / (2 * trials)) / (1 + z2 / trials);
  const half =
    (Z95 * Math.sqrt((proportion * (1 - proportion)) / trials + z2 / (4 * trials * trials))) / (1 + z2 / trials);
  return [successes === 0 ? 0 : Math.max(0, centre - half), successes === trials ? 1 : Math.min(1, centre + half)];
}

/** A mean of `n` values with its 95 % confidence interval. */
export interface MeanWithInterval {
  readonly mean: number;
  readonly ci95: Interval;
  readonly n: number;
}

/** NaN when there are none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Mean with Student's t interval. NaN when empty; a single value has an infinite interval. */
export function meanInterval(values: ArrayLike<number>): MeanWithInterval {
  const n = values.length;
  const centre = mean(values);
  if (n < 2) return { mean: centre, ci95: [-Infinity, Infinity], n };
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - centre) ** 2;
  const half = studentT95(n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { mean: centre, ci95: [centre - half, centre + half], n };
}

/** Mean with a percentile bootstrap interval: no assumption on the distribution; use it for skewed scores and n >= 10. */
export function bootstrapMeanInterval(
  values: ArrayLike<number>,
  { random, resamples = 2000 }: { random: Random; resamples?: number },
): MeanWithInterval {
  const n = values.length;
  if (n < 2) return meanInterval(values);
  const drawn = () => mean(Float64Array.from({ length: n }, () => values[random.integer(n)]));
  const means = Float64Array.from({ length: resamples }, drawn).sort();
  const at = (fraction: number) => means[Math.round(fraction * (resamples - 1))];
  return { mean: mean(values), ci95: [at(0.025), at(0.975)], n };
}

/** Two-sided 95 % point of Student's t: table below 3 degrees of freedom, else Abramowitz and Stegun 26.7.5 (error < 0.5 %). */
function studentT95(degrees: number): number {
  if (degrees === 1) return 12.706;
  if (degrees === 2) return 4.303;
  const z = Z95;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const g4 = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160;
  return z + g1 / degrees + g2 / degrees ** 2 + g3 / degrees ** 3 + g4 / degrees ** 4;
}
