import { expect, test } from "vitest";
import { shownPart, statisticsOf } from "./grey-statistics.js";

test("the range leaves out the rarest values, the histogram counts the others", () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => i);
  values[999] = 1e6;
  const { range, histogram } = statisticsOf(values)!;
  expect(range).toEqual([5, 994]);
  expect(histogram.counts.reduce((sum, count) => sum + count)).toBe(999);
  expect(histogram.from).toBeLessThan(0);
});

test("constant sections and such without numbers have no strange ranges", () => {
  expect(statisticsOf(new Float32Array(10).fill(3))?.range).toEqual([2.5, 3.5]);
  expect(statisticsOf(new Float32Array(10).fill(Number.NaN))).toBeUndefined();
  expect(statisticsOf(new Float32Array(0))).toBeUndefined();
});

test("of a histogram that far outliers made wide, the part around the range is shown", () => {
  const histogram = { from: 0, to: 1000, counts: new Array(100).fill(1) };
  expect(shownPart(histogram, [100, 200])).toMatchObject({ from: 50, to: 250 });
  expect(shownPart(histogram, [-50, 2000])).toEqual(histogram);
  expect(shownPart(histogram, [5000, 6000])).toEqual(histogram);
});
