import { expect, test } from "vitest";
import { calibratedScale, nearness } from "../../infer/index.js";
import { createRandom } from "../../volume/index.js";
import { fitCalibration } from "./fit.js";
import { calibrationRows } from "./measure.js";
import type { CalibrationSet } from "./sets.js";

/** Sets whose classes are drawn by the softmax of a known calibration. */
const truth = { intercept: 1.5, examples: 0.2, within: 0.8, between: -0.3 };
const random = createRandom("fit calibration");
const sets = Array.from({ length: 300 }, (_, index): CalibrationSet => {
  const [way, shot, particles] = [4, index % 2 === 0 ? 1 : 5, 100];
  const level = random.uniform(0.4, 0.95);
  const similarities = Float32Array.from({ length: way * particles }, () => level - random.uniform(0, 0.5));
  const statistics = [1, Math.log(shot), nearness(level), nearness(random.uniform(0.3, 0.7))] as const;
  const scale = calibratedScale(truth, statistics);
  const drawn = Array.from({ length: particles }, (_, i) =>
    random.weighted([...similarities.subarray(i * way, (i + 1) * way)].map((value) => Math.exp(scale * value))),
  );
  return { way, shot, similarities, labels: drawn, statistics };
});

test("finds the calibration that particles follow, whatever it starts from", () => {
  for (const temperature of [3, 80]) {
    const fitted = fitCalibration(sets, temperature);
    for (const set of sets.slice(0, 20)) {
      const ratio = calibratedScale(fitted, set.statistics) / calibratedScale(truth, set.statistics);
      expect(Math.abs(Math.log(ratio))).toBeLessThan(0.12); // three standard errors of 30,000 particles, about
    }
  }
});

test("says how far probabilities are off before and after", () => {
  const rows = calibrationRows("as drawn", sets, {
    temperature: 100,
    scaleOf: ({ statistics }) => calibratedScale(truth, statistics),
  });
  expect(rows.map(({ way, shot, particles }) => [way, shot, particles])).toEqual([
    [4, 1, 15_000],
    [4, 5, 15_000],
  ]);
  for (const { before, after } of rows) {
    expect(before).toBeGreaterThan(0.1);
    expect(after).toBeLessThan(0.02);
  }
});
