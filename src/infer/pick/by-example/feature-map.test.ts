import { expect, test } from "vitest";
import { createRandom } from "../../../volume/index.js";
import type { TileDetector } from "../detector.js";
import { planTiles } from "../tile-plan.js";
import {
  createFeatureMap,
  featuresAt,
  placeFeatures,
  restoreFeatures,
  standardisedFeatures,
  tileFeatures,
} from "./feature-map.js";

const EDGE = 32;
const CHANNELS = 2;
const SHAPE = [20, 40, 33] as const;
const geometry = {
  ...{ edge: EDGE, haloVoxels: 8, strideVoxels: 8, cellVoxels: 2 },
  ...{ featureChannels: CHANNELS, featureCellVoxels: 8 },
} as unknown as TileDetector;

/** Channel 0 of a cell is the z of its centre in the tomogram, channel 1 its x; all the same whichever tile it is in. */
function answerFor(corner: readonly number[]): Float32Array {
  const n = EDGE / 8;
  return Float32Array.from({ length: CHANNELS * n ** 3 }, (_, i) => {
    const [channel, cell] = [Math.floor(i / n ** 3), i % n ** 3];
    const [z, x] = [Math.floor(cell / n ** 2), cell % n];
    return channel === 0 ? corner[0]! + 8 * z + 3.5 : corner[2]! + 8 * x + 3.5;
  });
}

function filledMap() {
  const map = createFeatureMap(SHAPE, geometry)!;
  for (const tile of planTiles(SHAPE, geometry)) placeFeatures(map, tile, answerFor(tile.corner));
  return map;
}

test("features of tiles, placed side by side, are those of the tomogram", () => {
  const map = filledMap();
  expect(map.shape).toEqual([3, 5, 5]);
  for (const at of [
    { x: 12, y: 20, z: 8 },
    { x: 27.25, y: 3.5, z: 11.5 },
  ]) {
    const [z, x] = featuresAt(map, at);
    expect(z).toBeCloseTo(at.z, 4);
    expect(x).toBeCloseTo(at.x, 4);
  }
  expect(featuresAt(map, { x: -5, y: 0, z: 40 })).toEqual(featuresAt(map, { x: 3.5, y: 3.5, z: 19.5 }));
});

test("what was kept of each tile restores the map", () => {
  const map = filledMap();
  const again = createFeatureMap(SHAPE, geometry)!;
  for (const tile of planTiles(SHAPE, geometry)) restoreFeatures(again, tile, tileFeatures(map, tile));
  expect(again.data).toEqual(map.data);
});

test("standardised channels have mean 0 and variance 1; one that does not vary says nothing", () => {
  const random = createRandom("features");
  const data = Float32Array.from({ length: 2 * 27 }, (_, i) => (i % 2 === 0 ? 5 + 3 * random.normal() : 7));
  const { data: standard } = standardisedFeatures({ shape: [3, 3, 3], cellVoxels: 8, channels: 2, data });
  const first = standard.filter((_, i) => i % 2 === 0);
  expect(first.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 4);
  expect(first.reduce((sum, value) => sum + value * value, 0) / 27).toBeCloseTo(1, 4);
  expect(standard.every((value, i) => i % 2 === 0 || value === 0)).toBe(true);
});

test("a detector that tells no features has no map", () => {
  expect(createFeatureMap(SHAPE, { ...geometry, featureChannels: undefined })).toBeUndefined();
});
