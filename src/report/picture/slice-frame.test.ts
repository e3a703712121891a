import { expect, test } from "vitest";
import { barNanometre, sliceFrame } from "./slice-frame.js";

const slice = (width: number, pixelAngstrom: number) => ({ plane: { width, height: width }, pixelAngstrom });

test.each([
  [200, 10, 20],
  [512, 10, 100],
  [720, 7.84, 100],
  [100, 1, 2],
  [300, 200, 1000],
])("the bar of %i pixels of %d Å is %d nm: round, and at most a fifth of the width", (width, pixel, nanometre) => {
  expect(barNanometre(slice(width, pixel))).toBe(nanometre);
  expect(10 * nanometre).toBeLessThanOrEqual(0.2 * width * pixel);
});

test("the frame names both axes and the bar's length", () => {
  const svg = sliceFrame({ ...slice(200, 10), axes: ["x", "z"] });
  for (const text of ["x →", "z ↓", "20 nm"]) expect(svg).toContain(text);
  expect(svg).not.toMatch(/NaN|undefined/);
});
