import { expect, test } from "vitest";
import type { ModelDescription } from "../model/index.js";
import { nearness, scaleStatistics, similarityScale } from "./similarity-scale.js";

// Two particles, three classes: nearest at 0.9 and 0.7, ahead of the next by 0.4 and 0.1.
const similarities = Float32Array.of(0.5, 0.9, 0.2, 0.6, 0.1, 0.7);
const options = { classCount: 3, exampleCounts: [1, 2, 4] };

test("statistics are those of the nearest class and its lead, and of the number of examples", () => {
  const [one, examples, near, lead] = scaleStatistics(similarities, options)!;
  expect(one).toBe(1);
  expect(examples).toBeCloseTo(Math.log(2), 6);
  expect(near).toBeCloseTo(nearness(0.8), 5);
  expect(lead).toBeCloseTo(Math.log(0.25), 5);
});

test("particles count by their weights", () => {
  const [, , near, lead] = scaleStatistics(similarities, { ...options, weights: [0, 0.5] })!;
  expect(near).toBeCloseTo(nearness(0.7), 5);
  expect(lead).toBeCloseTo(Math.log(0.1), 5);
});

test("one class, no particle, or only such as do not count tell nothing", () => {
  expect(scaleStatistics(Float32Array.of(0.3, 0.4), { classCount: 1, exampleCounts: [1] })).toBeUndefined();
  expect(scaleStatistics(new Float32Array(0), options)).toBeUndefined();
  expect(scaleStatistics(similarities, { ...options, weights: [0, 0] })).toBeUndefined();
});

test("the scale is the calibration's within bounds, and the temperature where there is none", () => {
  const temperature = 12;
  const scaleWith = (intercept: number) => {
    const calibration = { intercept, examples: 0.5, nearness: 1, lead: 2 };
    return similarityScale(similarities, { temperature, calibration } as ModelDescription, options);
  };
  expect(scaleWith(3)).toBeCloseTo((Math.exp(3) * Math.SQRT2 * 0.25 ** 2) / 0.22, 4);
  expect(scaleWith(30)).toBe(300);
  expect(scaleWith(-30)).toBe(1);
  expect(similarityScale(similarities, { temperature } as ModelDescription, options)).toBe(temperature);
  const one = { classCount: 1, exampleCounts: [1] };
  const calibration = { intercept: 3, examples: 0, nearness: 0, lead: 0 };
  expect(similarityScale(similarities, { temperature, calibration } as ModelDescription, one)).toBe(temperature);
});
