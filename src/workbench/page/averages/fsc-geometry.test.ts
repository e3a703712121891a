import { expect, test } from "vitest";
import { fscPoints, resolutionTicks } from "./fsc-geometry.js";

test("shells are evenly along the axis, from the first to that of two voxels", () => {
  expect(fscPoints(Float32Array.of(1, 0.75, 0.5, -0.5, 0))).toEqual([
    { fraction: 0.25, correlation: 0.75 },
    { fraction: 0.5, correlation: 0.5 },
    { fraction: 0.75, correlation: -0.1 },
    { fraction: 1, correlation: 0 },
  ]);
});

test("what nothing is known of is left out", () => {
  expect(fscPoints(Float32Array.of(1, Number.NaN, 0.5))).toEqual([{ fraction: 1, correlation: 0.5 }]);
});

test("ticks are resolutions: a wave of four voxels is half way", () => {
  expect(resolutionTicks({ voxelSizeAngstrom: 10 }).map(({ text }) => text)).toEqual([
    "80 Å",
    "40 Å",
    "26.7 Å",
    "20 Å",
  ]);
});
