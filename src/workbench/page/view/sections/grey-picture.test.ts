import { expect, test } from "vitest";
import type { Axis } from "../../../protocol/index.js";
import { type GreyScale, paintGreys, pictureSize } from "./grey-picture.js";

const section = { width: 3, height: 2, values: Float32Array.from([0, 10, 20, 30, -5, Number.NaN]) };
const greyPixels = (of: typeof section, axis: Axis, scale: GreyScale) => {
  const pixels = new Uint8ClampedArray(4 * of.values.length);
  paintGreys(pixels, of, axis, scale);
  return pixels;
};
const red = (pixels: Uint8ClampedArray) => Array.from(pixels).filter((_, index) => index % 4 === 0);

test("grey values become greys between black and white, opaque, without colour", () => {
  const pixels = greyPixels(section, "z", { range: [0, 20], isInverted: false });
  expect(red(pixels)).toEqual([0, 128, 255, 255, 0, 0]);
  expect(Array.from(pixels.subarray(4, 8))).toEqual([128, 128, 128, 255]);
  expect(red(greyPixels(section, "y", { range: [0, 20], isInverted: true })).slice(0, 4)).toEqual([255, 128, 0, 0]);
});

test("the section across x is shown with its rows to the right", () => {
  expect(red(greyPixels(section, "x", { range: [0, 20], isInverted: false }))).toEqual([0, 255, 128, 0, 255, 0]);
  expect(pictureSize(section, "x")).toEqual([2, 3]);
});

test("a range without width has no greys between", () => {
  expect(red(greyPixels(section, "z", { range: [10, 10], isInverted: false }))).toEqual([0, 0, 255, 255, 0, 0]);
});
