import { expect, test } from "vitest";
import { ConfigError } from "../../errors.js";
import { tomogramNames } from "./tomogram-names.js";

test("a tomogram has its own name, whatever its companions are called", () => {
  const paths = ["a/rec_TS_01.mrc", "b/TS_02_10.00Apx.mrc"];
  expect(tomogramNames(paths)).toEqual(["TS_01", "TS_02"]);
  expect(tomogramNames(paths.slice(0, 1))).toEqual(["TS_01"]);
  expect(tomogramNames(paths, { tomogramNames: ["left", "right"] })).toEqual(["left", "right"]);
});

test("tomograms that would be called the same are kept apart, and said", () => {
  const warnings: string[] = [];
  const names = tomogramNames(["one/TS_01.mrc", "two/rec_TS_01.mrc"], { onWarning: (text) => warnings.push(text) });
  expect(names).toEqual(["one_TS_01", "two_TS_01"]);
  expect(warnings).toEqual([expect.stringContaining("several tomograms are called TS_01")]);
  // The same folder: nothing but the whole file names tells them apart.
  expect(tomogramNames(["TS_01.mrc", "rec_TS_01.mrc"])).toEqual(["TS_01.mrc", "rec_TS_01.mrc"]);
});

test("one name for each tomogram, and none twice", () => {
  expect(() => tomogramNames(["a.mrc", "b.mrc"], { tomogramNames: ["a"] })).toThrow(ConfigError);
  expect(() => tomogramNames(["a.mrc", "b.mrc"], { tomogramNames: ["a", "a"] })).toThrow("given twice");
});
