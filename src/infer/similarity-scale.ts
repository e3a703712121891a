/** From similarities to probabilities: by how much they are multiplied before the softmax. */
import type { Calibration, ModelDescription } from "../model/index.js";

/** What a scale depends on, in the order of `CALIBRATION_NAMES`. */
export type ScaleStatistics = readonly [one: 1, examples: number, nearness: number, lead: number];

export const CALIBRATION_NAMES = ["intercept", "examples", "nearness", "lead"] as const satisfies (keyof Calibration)[];

interface ScaleOptions {
  readonly classCount: number;
  /** Number of examples of each class. */
  readonly exampleCounts: readonly number[];
  /** How much each particle counts; all alike when absent. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** Of less nothing can be told. */
const LEAST_LEAD = 0.001;
/** Bounds of a scale, for particles and examples unlike all that a calibration was fitted to. */
const [LEAST_SCALE, MOST_SCALE] = [1, 300];

/**
 * What similarities `[particles, classes]` tell of the scale that fits them (see `Calibration`); undefined where they tell
 * nothing: of no particle, or of one class alone.
 */
export function scaleStatistics(
  similarities: ArrayLike<number>,
  { classCount, exampleCounts, weights }: ScaleOptions,
): ScaleStatistics | undefined {
  let [total, nearest, lead] = [0, 0, 0];
  for (let particle = 0; particle < similarities.length / classCount; particle++) {
    let [best, second] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let label = 0; label < classCount; label++) {
      const value = similarities[particle * classCount + label];
      if (value > best) [best, second] = [value, best];
      else if (value > second) second = value;
    }
    const weight = weights?.[particle] ?? 1;
    total += weight;
    nearest += weight * best;
    lead += weight * (best - second);
  }
  if (classCount < 2 || !(total > 0)) return undefined;
  const examples = exampleCounts.reduce((sum, count) => sum + Math.log(count), 0) / classCount;
  return [1, examples, nearness(nearest / total), Math.log(Math.max(LEAST_LEAD, lead / total))];
}

/** The scale that a calibration gives. */
export function calibratedScale(calibration: Calibration, statistics: ScaleStatistics): number {
  const logScale = CALIBRATION_NAMES.reduce((sum, name, i) => sum + calibration[name] * statistics[i], 0);
  return Math.max(LEAST_SCALE, Math.min(MOST_SCALE, Math.exp(logScale)));
}

/** The scale for particles classified together: the model's calibration, or the temperature of its training where it has none. */
export function similarityScale(
  similarities: ArrayLike<number>,
  { calibration, temperature }: ModelDescription,
  options: ScaleOptions,
): number {
  const statistics = calibration && scaleStatistics(similarities, options);
  return calibration && statistics ? calibratedScale(calibration, statistics) : temperature;
}

/**
 * `-log(1.02 - similarity)`: what matters of similarities is how near to 1 they come. From 0.9 to 0.95 says as much as from
 * 0.5 to 0.75.
 */
export function nearness(similarity: number): number {
  return -Math.log(1.02 - Math.min(1, similarity));
}
