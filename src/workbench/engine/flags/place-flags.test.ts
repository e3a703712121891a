import { expect, test } from "vitest";
import { createRandom } from "../../../volume/index.js";
import { flagsIn } from "../../protocol/index.js";
import { type PlacedCandidate, placeFlags } from "./place-flags.js";

const SHAPE = [100, 400, 400] as const;
const at = (x: number, y: number, z: number, isPick = true): PlacedCandidate => ({
  ...{ position: { x, y, z }, radiusVoxels: 8, isPick },
});
const flagsOf = (candidates: readonly PlacedCandidate[]) => [...placeFlags(candidates, SHAPE)].map(flagsIn);

test("a part of the particle is outside", () => {
  expect(flagsOf([at(200, 200, 50), at(7, 200, 50), at(200, 392, 50), at(200, 200, 94, false)])).toEqual([
    ...[[], ["border"], ["border"], ["border"]],
  ]);
});

test("two picks that overlap in much are too close, each to the other; what is no pick disturbs none", () => {
  expect(flagsOf([at(200, 200, 50), at(210, 203, 50), at(200, 200, 80), at(203, 200, 80, false)])).toEqual([
    ...[["close"], ["close"], [], ["close"]],
  ]);
});

test("particles of a membrane, however it is tilted, lie in a plane; scattered ones do not", () => {
  const random = createRandom("flags");
  const grid = Array.from({ length: 49 }, (_, i) => [20 * (i % 7), 20 * Math.floor(i / 7)] as const);
  const membrane = grid.map(([u, v]) => at(100 + u, 100 + 0.9 * v, 30 + 0.4 * v + random.uniform(-1, 1)));
  expect(flagsOf(membrane).filter((flags) => flags.includes("plane"))).toHaveLength(membrane.length);
  const scattered = Array.from({ length: 200 }, () =>
    at(random.uniform(20, 380), random.uniform(20, 380), random.uniform(20, 80)),
  );
  expect(flagsOf(scattered).filter((flags) => flags.includes("plane")).length).toBeLessThan(4);
});
