import { expect, test } from "vitest";
import { createStatistics, statisticsOf } from "./statistics.js";

test("pieces of different means, far from zero, give the statistics of the whole", () => {
  // 100,000 values 1e6 + i: mean 1e6 + (n - 1) / 2, variance (n^2 - 1) / 12; float64, as float32 cannot hold them.
  const n = 100_000;
  const values = Float64Array.from({ length: n }, (_, i) => 1e6 + i);
  const pieces = createStatistics();
  for (let at = 0; at < n; at += 30_001) pieces.add(values.subarray(at, at + 30_001));
  for (const result of [statisticsOf(values), pieces.result()]) {
    expect(result).toMatchObject({ count: n, minimum: 1e6, maximum: 1e6 + n - 1, nanCount: 0, infiniteCount: 0 });
    expect(result.mean).toBeCloseTo(1e6 + (n - 1) / 2, 6);
    expect(result.standardDeviation).toBeCloseTo(Math.sqrt((n * n - 1) / 12), 6);
  }
});

test("nothing, and nothing finite, have no statistics", () => {
  expect(statisticsOf(new Float32Array(0))).toMatchObject({ count: 0, mean: Number.NaN, minimum: Number.NaN });
  expect(statisticsOf(Float32Array.of(Number.NaN, Number.NEGATIVE_INFINITY))).toMatchObject({
    mean: Number.NaN,
    nanCount: 1,
    infiniteCount: 1,
  });
});
