import { describe, expect, test } from "vitest";
import { tomogramNumbering } from "./numbering.js";
import { NO_EXTRA } from "./particle-list.js";

const numbersOf = (...names: string[]) => [
  ...tomogramNumbering(names.map((tomogramName) => ({ tomogramName, extra: NO_EXTRA }))).values(),
];

describe("numbers of tomograms", () => {
  test("the last digits of their names where these tell them apart, else the order", () => {
    expect(numbersOf("day_2/TS_017.mrc", "day_2/TS_003.mrc")).toEqual([17, 3]);
    expect(numbersOf("TS_017_10.00Apx.mrc")).toEqual([17]);
    expect(numbersOf("a/TS_1.mrc", "b/TS_1.mrc")).toEqual([1, 2]);
    expect(numbersOf("grid", "lamella")).toEqual([1, 2]);
  });

  test.each(["1", "1x", "1.0", "x"])("a name of 2 million characters of %j is read in one pass", (part) => {
    const long = part.repeat(2_000_000 / part.length);
    expect(numbersOf(`${long}_5`, `${long}_6`)).toEqual([5, 6]);
  });
});
