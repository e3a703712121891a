import { expect, test } from "vitest";
import { visibleTiles } from "./visible-tiles.js";

const WINDOW = { width: 400, height: 300, scrollTop: 0, pixelsOfRem: 16 };

test("tiles fill the width, and only rows in sight with one more on each side are drawn", () => {
  const { columns, tilePixels, first, last, totalPixels } = visibleTiles(10_000, { ...WINDOW, scrollTop: 1000 });
  expect([columns, tilePixels, totalPixels]).toEqual([4, 100, 250_000]);
  expect([first, last]).toEqual([36, 56]);
});

test("nothing is drawn before the size is known, and nothing beyond the end", () => {
  expect(visibleTiles(50, { ...WINDOW, width: 0 }).last).toBe(0);
  const { first, last } = visibleTiles(3, { ...WINDOW, scrollTop: 5000 });
  expect([first, last]).toEqual([3, 3]);
});
