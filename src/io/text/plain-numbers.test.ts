import fc from "fast-check";
import { expect, test } from "vitest";
import { readPlainNumbers } from "./plain-numbers.js";

const values = new Float64Array(8);
const read = (line: string) => [...values.subarray(0, Math.max(0, readPlainNumbers(line, values)))];

test("the same numbers as Number gives, to the last bit", () => {
  const decimal = fc
    .tuple(
      fc.constantFrom("", "-", "+"),
      fc.integer({ min: 0, max: 99_999_999 }),
      fc.integer({ min: 0, max: 9_999_999 }),
    )
    .map(([sign, whole, fraction]) => `${sign}${whole}.${String(fraction).padStart(7, "0")}`);
  fc.assert(
    fc.property(fc.array(decimal, { minLength: 1, maxLength: 8 }), (texts) => {
      expect(read(` ${texts.join(" \t")} `)).toEqual(texts.map(Number));
    }),
    { seed: 5, numRuns: 500 },
  );
  expect(read("1. .5 -0 007")).toEqual([1, 0.5, -0, 7]);
});

test.each(["1e3", "NaN", "1,2", "0x10", "-", ".", "1 2.5.3", "12345678901234567", "1 2 3 4 5 6 7 8 9", "5-3"])(
  "%s is for the reader of unusual lines",
  (line) => expect(readPlainNumbers(line, values)).toBe(-1),
);
