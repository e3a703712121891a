import { expect, test } from "vitest";
import { ShapeError } from "../errors.js";
import { comparePaired } from "./index.js";

test("counts who alone was right, in favour of the second when positive", () => {
  // 6 cases only the second has, none only the first: p = 2 / 2^6
  const result = comparePaired("1100000000", "1111111100");
  expect(result).toEqual({ difference: 0.6, onlyFirst: 0, onlySecond: 6, pValue: expect.closeTo(2 / 64, 12) });
  expect(comparePaired("1111111100", "1100000000").difference).toBe(-0.6);
});

test("refuses records of other cases", () => {
  expect(() => comparePaired("10", "1")).toThrow(ShapeError);
});
