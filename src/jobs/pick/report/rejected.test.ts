import { expect, test } from "vitest";
import type { Rejection } from "../identify.js";
import type { PickedTomogram } from "../picked-tomogram.js";
import { lessProbable, rejectedCandidates } from "./rejected.js";

/** What the table does not look at is left out. */
function tomogramWith(rejections: readonly (Rejection | undefined)[]): PickedTomogram {
  const search = {
    searched: { grid: { path: "tomo.mrc", fileVoxelSizeAngstrom: 5 } },
    examples: { names: ["ribosome"] },
  };
  const candidates = rejections.map((rejection, i) => ({
    ...{ search, rejection, accepted: rejection === undefined, classIndex: 0, score: 0.5, similarity: 0.4 },
    ...{ probability: 0.01 * i, pickScore: 0.005 * i, positionAngstrom: { x: 10 * i, y: 20, z: 32 } },
  }));
  return { candidates } as unknown as PickedTomogram;
}

test("candidates that are not picked have their reasons, best first, with positions in voxels of the file", () => {
  const tomogram = tomogramWith(["none", undefined, "border", "negative", "none"]);
  const { best, reasons } = rejectedCandidates([tomogram], { cutOff: undefined });
  expect(reasons).toEqual([
    ["more probably of none of the classes", 2],
    ["at the border, less probable than 0.5", 1],
    ["most similar to negatives", 1],
  ]);
  expect(best.map(({ position, voxel }) => [position, voxel])).toEqual([
    ["40, 20, 32", "8, 4, 6"],
    ["30, 20, 32", "6, 4, 6"],
    ["20, 20, 32", "4, 4, 6"],
    ["0, 20, 32", "0, 4, 6"],
  ]);
  expect(lessProbable([tomogram], { cutOff: undefined }).count).toBe(1);
});

test("a long table is cut, and the counts are of all", () => {
  const tomogram = tomogramWith(Array.from({ length: 1000 }, () => "cut-off" as const));
  const { best, reasons } = rejectedCandidates([tomogram], { cutOff: 0.7 });
  expect(best).toHaveLength(100);
  expect(best[0]!.probability).toBeCloseTo(9.99);
  expect(reasons).toEqual([["less probable than 0.7", 1000]]);
});
