import { calibrationScore } from "../../evaluate/index.js";
import type { CalibrationSet } from "./sets.js";

/** How far probabilities are off at one signal-to-noise ratio and number of classes and examples, before and after. */
export interface CalibrationRow {
  readonly imaging: string;
  readonly way: number;
  readonly shot: number;
  readonly particles: number;
  /** Fraction that is given the right class. */
  readonly accuracy: number;
  /** Expected calibration error with the temperature of the model's training. */
  readonly before: number;
  /** With the calibration. */
  readonly after: number;
}

/** One row for each task of the sets, in their order. @param scaleOf by what a set's similarities are multiplied. */
export function calibrationRows(
  imaging: string,
  sets: readonly CalibrationSet[],
  { temperature, scaleOf }: { readonly temperature: number; readonly scaleOf: (set: CalibrationSet) => number },
): CalibrationRow[] {
  const tasks = new Map<string, CalibrationSet[]>();
  for (const set of sets) {
    const key = `${set.way} ${set.shot}`;
    tasks.set(key, [...(tasks.get(key) ?? []), set]);
  }
  return [...tasks.values()].map((own) => {
    const { way, shot } = own[0]!;
    const before = scoreSets(own, () => temperature);
    const after = scoreSets(own, scaleOf);
    return {
      ...{ imaging, way, shot, particles: after.count, accuracy: after.fractionRight },
      ...{ before: before.expectedError, after: after.expectedError },
    };
  });
}

function scoreSets(sets: readonly CalibrationSet[], scaleOf: (set: CalibrationSet) => number) {
  const probabilities: number[] = [];
  const isRight: boolean[] = [];
  for (const set of sets) {
    const scale = scaleOf(set);
    for (const [particle, label] of set.labels.entries()) {
      const row = set.similarities.subarray(particle * set.way, (particle + 1) * set.way);
      const best = row.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY);
      probabilities.push(1 / row.reduce((sum, value) => sum + Math.exp(scale * (value - best)), 0));
      isRight.push(row[label] === best);
    }
  }
  return calibrationScore(probabilities, isRight);
}
