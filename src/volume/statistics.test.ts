import { expect, test } from "vitest";
import { createRandom } from "./random.js";
import { median } from "./statistics.js";

const random = createRandom("medians");

test.each([1, 2, 3, 10, 11, 1000, 1001])("the median of %i values is where sorting puts it", (count) => {
  const draws = {
    normal: () => random.normal(),
    few: () => random.integer(3),
    equal: () => 5,
  };
  for (const draw of Object.values(draws)) {
    const values = Float32Array.from({ length: count }, draw);
    const given = values.slice();
    expect(median(values)).toBe(values.slice().sort()[count >> 1]);
    expect(values).toEqual(given);
  }
  const sorted = Float64Array.from({ length: count }, (_, i) => i);
  expect(median(sorted)).toBe(count >> 1);
  expect(median(sorted.reverse())).toBe(count >> 1);
});

test("what is no number is above all numbers; of nothing there is none", () => {
  expect(median([Number.NaN, 2, 1])).toBe(2);
  expect(median([Number.NaN, Number.NaN, 1])).toBeNaN();
  expect(median([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0])).toBe(0);
  expect(median([])).toBeNaN();
});
