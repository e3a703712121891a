import { expect, test } from "vitest";
import { createRandom } from "../../volume/index.js";
import { greyStatistics } from "./grey-statistics.js";

function normalSample(count: number): Float32Array {
  const random = createRandom("greys");
  return Float32Array.from({ length: count }, () => 100 + 5 * random.normal());
}

test("of a plain sample: its mean and deviation", () => {
  const { mean, deviation, paddingShare } = greyStatistics(normalSample(50_000));
  expect(mean).toBeCloseTo(100, 1);
  expect(deviation).toBeCloseTo(5, 1);
  expect(paddingShare).toBe(0);
});

test("gold does not move them", () => {
  const sample = normalSample(50_000);
  for (let i = 0; i < 100; i++) sample[i * 500] = 2000;
  const { mean, deviation } = greyStatistics(sample);
  expect(mean).toBeCloseTo(100, 0);
  expect(deviation).toBeLessThan(5.4); // 0.2 % clipped at 8 deviations: sqrt(1 + 0.002 * 64) of 5
});

test("padding is left out, integer grey values are not taken for it", () => {
  const sample = normalSample(50_000);
  sample.fill(0, 0, 10_000);
  const padded = greyStatistics(sample);
  expect(padded.mean).toBeCloseTo(100, 1);
  expect(padded.paddingShare).toBeCloseTo(0.2, 3);
  const integers = normalSample(50_000).map((value) => Math.round((value - 100) / 5));
  expect(greyStatistics(integers).deviation).toBeCloseTo(Math.sqrt(1 + 1 / 12), 1);
  expect(greyStatistics(integers).paddingShare).toBe(0);
});

test("values that are no numbers do not count; a constant has no deviation", () => {
  expect(greyStatistics(Float32Array.of(1, Number.NaN, 1, Infinity, 1))).toMatchObject({ mean: 1, deviation: 0 });
});
