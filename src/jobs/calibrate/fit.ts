import { CALIBRATION_NAMES, calibratedScale } from "../../infer/index.js";
import type { Calibration } from "../../model/index.js";
import { solvePositive } from "../../volume/index.js";
import type { CalibrationSet } from "./sets.js";

const PARAMETERS = CALIBRATION_NAMES.length;
const ROUNDS = 50;
/** Of a quadratic penalty on the parameters, for sets that say nothing of one of them. */
const PENALTY = 1e-3;
/** Longest step of a parameter. */
const LONGEST_STEP = 1;
const SETTLED = 1e-6;

/**
 * The calibration under which the true classes of the sets are likeliest, every set counting alike: Fisher scoring of the
 * logarithm of each set's scale, which is linear in the parameters.
 */
export function fitCalibration(sets: readonly CalibrationSet[], temperature: number): Calibration {
  const values = [Math.log(temperature), 0, 0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const gradient = values.map((value) => -PENALTY * value);
    const information = values.map((_, i) => values.map((_, j) => (i === j ? PENALTY : 0)));
    const calibration = named(values);
    for (const set of sets) {
      const { slope, curvature } = likelihood(set, calibratedScale(calibration, set.statistics));
      set.statistics.forEach((one, i) => {
        gradient[i]! += (slope * one) / sets.length;
        set.statistics.forEach((other, j) => {
          information[i]![j]! += (curvature * one * other) / sets.length;
        });
      });
    }
    const step = solvePositive(information, gradient);
    const longest = step.reduce((longest, value) => Math.max(longest, Math.abs(value)), 0);
    const damping = Math.min(1, LONGEST_STEP / longest);
    for (let i = 0; i < PARAMETERS; i++) values[i]! += damping * step[i]!;
    if (longest < SETTLED) break;
  }
  return named(values.map((value) => Number(value.toPrecision(4))));
}

function named([intercept = 0, examples = 0, within = 0, between = 0]: readonly number[]): Calibration {
  return { intercept, examples, within, between };
}

/** First derivative of a set's mean log likelihood by the logarithm of its scale, and the information that it gives of that. */
function likelihood({ similarities, labels, way }: CalibrationSet, scale: number) {
  let [slope, curvature] = [0, 0];
  for (const [particle, label] of labels.entries()) {
    const row = similarities.subarray(particle * way, (particle + 1) * way);
    const best = row.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY);
    let [total, first, second] = [0, 0, 0];
    for (const value of row) {
      const weight = Math.exp(scale * (value - best));
      total += weight;
      first += weight * value;
      second += weight * value * value;
    }
    const mean = first / total;
    slope += scale * (row[label]! - mean);
    curvature += scale * scale * Math.max(0, second / total - mean * mean);
  }
  return { slope: slope / labels.length, curvature: curvature / labels.length };
}
