import { expect, test } from "vitest";
import { outlierReasons } from "./outliers.js";

const usual = { counts: [40, 5], candidates: 100, contrast: "dark protein, measured", voxelSize: "10 Å, header" };

test("a tomogram with far more or fewer particles, another contrast or voxel size is told", () => {
  const tomograms = [
    ...Array.from({ length: 8 }, (_, i) => ({ ...usual, counts: [40 + i, 5 - (i % 3)], candidates: 100 + 3 * i })),
    { ...usual, counts: [0, 4], candidates: 12 },
    { ...usual, contrast: "bright protein, measured", voxelSize: "1 Å, header" },
  ];
  const reasons = outlierReasons(tomograms, ["ribosome", "proteasome"]);
  expect(reasons.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => []));
  expect(reasons[8]).toEqual(["12 candidates, 109 are usual", "0 picks of ribosome, 43 are usual"]);
  expect(reasons[9]).toEqual(["contrast: bright protein, as in 1 of 10", "voxel size: 1 Å, as in 1 of 10"]);
});

test("of four tomograms none stands out: nobody knows what is usual", () => {
  const tomograms = [usual, usual, usual, { ...usual, counts: [0, 0], candidates: 0 }];
  expect(outlierReasons(tomograms, ["a", "b"])).toEqual([[], [], [], []]);
});
