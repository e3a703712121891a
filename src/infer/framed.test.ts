import { expect, test } from "vitest";
import { frameOf, turnCube } from "../volume/index.js";
import type { Embedder } from "./embedder.js";
import { framedDetector, framedEmbedder } from "./framed.js";
import type { TileDetector } from "./pick/index.js";

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
  const { masks } = await framedEmbedder(embedder, frame).embed(ramp(2));
  const turned = new Float32Array(EDGE ** 3);
  turnCube(ramp(2).subarray(EDGE ** 3), turned, EDGE, frame);
  expect([...seen.subarray(EDGE ** 3)]).toEqual([...turned]);
  expect([...masks!]).toEqual([...ramp(2)]);
  expect(framedEmbedder(embedder, undefined)).toBe(embedder);
});

test("a detector's cells come back to where the tile has them", async () => {
  const detector = {
    edge: EDGE,
    cellVoxels: 2,
    detect: async (volume: Float32Array) => ({ centre: everySecond(volume), radiusVoxels: everySecond(volume) }),
  } as unknown as TileDetector;
  // A cell is marked by the mean of its voxels, which no turn changes.
  function everySecond(volume: Float32Array): Float32Array {
    return Float32Array.from({ length: (EDGE / 2) ** 3 }, (_, cell) => {
      const [z, y, x] = [2 * Math.floor(cell / 4), 2 * (Math.floor(cell / 2) % 2), 2 * (cell % 2)];
      let sum = 0;
      for (let i = 0; i < 8; i++) sum += volume[((z + (i >> 2)) * EDGE + y + ((i >> 1) & 1)) * EDGE + x + (i & 1)]! / 8;
      return sum;
    });
  }
  const answer = await framedDetector(detector, frame).detect(ramp(1));
  expect([...answer.centre]).toEqual([...everySecond(ramp(1))]);
  expect([...answer.radiusVoxels]).toEqual([...everySecond(ramp(1))]);
});
