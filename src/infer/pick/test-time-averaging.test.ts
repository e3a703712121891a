import { expect, test } from "vitest";
import type { Embedder } from "../embedder.js";
import { embedHalfTurns } from "./test-time-averaging.js";

test("averages over the four orientations, and turns masks back", async () => {
  const edge = 4;
  const seen: number[] = [];
  // "Embeds" the first two voxels; the mask is the box itself.
  const embedder = {
    description: { edge, embeddingSize: 2, similarity: "cosine" },
    async embed(volumes: Float32Array) {
      const count = volumes.length / 64;
      const embeddings = Float32Array.from({ length: 2 * count }, (_, i) => volumes[Math.floor(i / 2) * 64 + (i % 2)]);
      seen.push(...embeddings);
      return { embeddings, size: 2, masks: volumes.slice() };
    },
  } as unknown as Embedder;
  const boxes = Float32Array.from({ length: 2 * 64 }, (_, i) => i % 64);
  const { embeddings, masks } = await embedHalfTurns(embedder, boxes);
  expect(masks).toEqual(boxes);
  // Corner voxels that come first: 0; z and y reversed 60; z and x 51; y and x 15; their neighbours along x.
  const mean = [(0 + 60 + 51 + 15) / 4, (1 + 61 + 50 + 14) / 4];
  const length = Math.hypot(...mean);
  expect(embeddings[0]).toBeCloseTo(mean[0] / length, 5);
  expect(embeddings[1]).toBeCloseTo(mean[1] / length, 5);
  expect(seen).toHaveLength(16);
});
