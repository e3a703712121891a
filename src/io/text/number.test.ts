import { expect, test } from "vitest";
import { FormatError } from "../../errors.js";
import { parseDecimal, quotedExcerpt, readDecimal } from "./number.js";

test.each([
  ["0", 0],
  ["-0", -0],
  ["+1.5", 1.5],
  ["007", 7],
  ["1.", 1],
  [".5", 0.5],
  ["1e3", 1000],
  ["1.7E-06", 1.7e-6],
  ["1e308", 1e308],
  ["1e-999", 0],
  ["123456789012345678901234567890", 123456789012345680000000000000],
])("%s is a number", (text, value) => {
  expect(parseDecimal(text)).toBe(value);
});

test.each([
  ...["", " ", " 1", "1 ", "1 2", "\t", "1\n", "1,5", "1_000", "1e", "1e+", "e5", ".", "+", "--1", "1.2.3", "1..2"],
  ...["NaN", "nan", "inf", "Infinity", "-Infinity", "1e999", "-1e999", `1${"0".repeat(400)}`],
  ...["0x10", "0b1", "0o7", "1n", "1f", "1d3", "0+1.7e-06i", "١", "−1", "constructor", "null", "true"],
])("%j is none", (text) => {
  expect(parseDecimal(text)).toBeUndefined();
  expect(() => readDecimal(text, "column 3", "a.tbl, line 7")).toThrow(FormatError);
});

test("the message says where, what and which text, whatever its length", () => {
  expect(() => readDecimal("1e999", "column 3", "a.tbl, line 7")).toThrow(
    'a.tbl, line 7: column 3 is "1e999", too large for a number',
  );
  expect(() => readDecimal("0x10", "x", "a.xml")).toThrow('a.xml: x is "0x10", not a number');
  expect(quotedExcerpt("9".repeat(65_536))).toBe(`"${"9".repeat(39)}…"`);
});
