import { expect, test } from "vitest";
import { angstromText, byteText, durationText, percentText, timeLeftText } from "./number-text.js";

test("numbers are written as a person reads them", () => {
  expect(angstromText(13.480001)).toBe("13.48 Å");
  expect(angstromText(10)).toBe("10 Å");
  expect([0, 999, 1000, 2_147_483_648, 1e15].map(byteText)).toEqual([
    "0 bytes",
    "999 bytes",
    "1 kB",
    "2.15 GB",
    "1000 TB",
  ]);
  expect(percentText(0.867)).toBe("87 %");
  expect(percentText(0 / 0)).toBe("–");
});

test("durations have two units at most", () => {
  expect([0.4, 59.4, 60, 125, 3600, 4380].map(durationText)).toEqual([
    "0 s",
    "59 s",
    "1 min",
    "2 min 5 s",
    "1 h",
    "1 h 13 min",
  ]);
  expect([3, 44, 200, 9000].map(timeLeftText)).toEqual([
    "a few seconds left",
    "about 40 s left",
    "about 3 min left",
    "about 2.5 h left",
  ]);
});
