import { expect, test } from "vitest";
import { calibrationScore } from "./calibration-error.js";

test("the error is the mean difference of probability and fraction right within bins", () => {
  const { expectedError, meanProbability, fractionRight, bins } = calibrationScore(
    [0.95, 0.95, 0.55, 0.55],
    [true, true, true, false],
  );
  expect(expectedError).toBeCloseTo((2 * 0.05 + 2 * 0.05) / 4, 12);
  expect(meanProbability).toBeCloseTo(0.75, 12);
  expect(fractionRight).toBeCloseTo(0.75, 12);
  expect(bins.map(({ from, to, count }) => [from, to, count])).toEqual([
    [0.5, 0.6, 2],
    [0.9, 1, 2],
  ]);
  expect(bins[0]!.fractionRight).toBe(0.5);
});

test("0 and 1 are in the outer bins; without answers there is no error", () => {
  expect(calibrationScore([0, 1, 0.1], [false, true, false]).bins.map(({ count }) => count)).toEqual([2, 1]);
  expect(calibrationScore([0, 1], [false, true]).expectedError).toBe(0);
  expect(calibrationScore([], [])).toMatchObject({ count: 0, expectedError: Number.NaN, bins: [] });
});
