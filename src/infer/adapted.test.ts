import { expect, test } from "vitest";
import { createRandom, filterCubes, frameOf, meanAndDeviation, rotateCube } from "../volume/index.js";
import { adaptedDetector, adaptedEmbedder, measureAdaptation, noAdaptation } from "./adapted.js";
import type { Embedder } from "./embedder.js";
import type { TileDetector } from "./pick/detector.js";

const EDGE = 4;
const frame = frameOf({ beamAxis: "x", tiltAxis: "y" })!;
const ramp = (count: number): Float32Array => Float32Array.from({ length: count * EDGE ** 3 }, (_, i) => i);

test("boxes reach the network in its frame, masks come back in the boxes' own", async () => {
  let seen = new Float32Array();
  const embedder = {
    description: { edge: EDGE },
    embed: async (volumes: Float32Array) => {
      seen = volumes.slice();
      return { embeddings: new Float32Array(2), size: 1, masks: volumes };
    },
  } as unknown as Embedder;
  const { masks } = await adaptedEmbedder(embedder, { ...noAdaptation, frame }).embed(ramp(2));
  const turned = new Float32Array(EDGE ** 3);
  rotateCube(ramp(2).subarray(EDGE ** 3), turned, EDGE, frame);
  expect([...seen.subarray(EDGE ** 3)]).toEqual([...turned]);
  expect([...masks!]).toEqual([...ramp(2)]);
  expect(adaptedEmbedder(embedder, noAdaptation)).toBe(embedder);
});

test("a detector's cells come back to where the tile has them", async () => {
  const detector = {
    edge: EDGE,
    cellVoxels: 2,
    featureCellVoxels: 1,
    // Two channels, the second twice the first.
    detect: async (volume: Float32Array) => ({
      centre: everySecond(volume),
      radiusVoxels: everySecond(volume),
      features: Float32Array.of(...volume, ...volume.map((value) => 2 * value)),
    }),
  } as unknown as TileDetector;
  // A cell is marked by the mean of its voxels, which no turn changes.
  function everySecond(volume: Float32Array): Float32Array {
    return Float32Array.from({ length: (EDGE / 2) ** 3 }, (_, cell) => {
      const [z, y, x] = [2 * Math.floor(cell / 4), 2 * (Math.floor(cell / 2) % 2), 2 * (cell % 2)];
      let sum = 0;
      for (let i = 0; i < 8; i++) sum += volume[((z + (i >> 2)) * EDGE + y + ((i >> 1) & 1)) * EDGE + x + (i & 1)] / 8;
      return sum;
    });
  }
  const answer = await adaptedDetector(detector, { ...noAdaptation, frame }).detect(ramp(1));
  expect([...answer.centre]).toEqual([...everySecond(ramp(1))]);
  expect([...answer.radiusVoxels]).toEqual([...everySecond(ramp(1))]);
  expect([...answer.features!]).toEqual([...ramp(1), ...ramp(1).map((value) => 2 * value)]);
});

/** White noise, or noise that a detector has damped by exp(-(f / 0.3)^2). */
function noise(detector: boolean): Float32Array {
  const random = createRandom("noise");
  const white = Float32Array.from({ length: 8 * 32 ** 3 }, random.normal);
  const transfer = Float64Array.from({ length: 32 }, (_, radius) => Math.exp(-((radius / 32 / 0.3) ** 2)));
  return detector ? filterCubes(white, 32, transfer, 32) : white;
}

test("white noise is damped to what a detector passes; noise that a detector damped already is left alone", async () => {
  expect(measureAdaptation(noise(true), 32)).toEqual(noAdaptation);
  const white = noise(false);
  const adaptation = measureAdaptation(white, 32);
  expect(adaptation.filter!.factors[2]).toBe(1);
  for (const radius of [8, 12, 15])
    expect(adaptation.filter!.factors[radius] / Math.exp(-((radius / 32 / 0.3) ** 2))).toBeGreaterThan(1);
  expect(adaptation.filter!.factors[15]).toBeLessThan(0.2);
  let seen = new Float32Array();
  const embedder = {
    description: { edge: 32 },
    embed: async (volumes: Float32Array) => {
      seen = volumes.slice();
      return { embeddings: new Float32Array(8), size: 1 };
    },
  } as unknown as Embedder;
  await adaptedEmbedder(embedder, adaptation).embed(white);
  expect(measureAdaptation(seen, 32).filter).toBeUndefined();
  expect(meanAndDeviation(seen.subarray(0, 32 ** 3)).deviation).toBeCloseTo(1, 4);
});
