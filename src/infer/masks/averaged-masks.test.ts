import { expect, test } from "vitest";
import { createRandom } from "../../volume/index.js";
import type { Embedder } from "../embedder.js";
import { averagedMasks } from "./averaged-masks.js";

const EDGE = 6;
const VOXELS = EDGE ** 3;
const at = (z: number, y: number, x: number) => (z * EDGE + y) * EDGE + x;

/** A network whose masks are what `mask` makes of each box. */
function network(mask: (box: Float32Array) => Float32Array): Embedder {
  return {
    description: { edge: EDGE, embeddingSize: 1 },
    async embed(volumes: Float32Array) {
      const masks = new Float32Array(volumes.length);
      for (let from = 0; from < masks.length; from += VOXELS) masks.set(mask(volumes.slice(from, from + VOXELS)), from);
      return { embeddings: new Float32Array(volumes.length / VOXELS), size: 1, masks };
    },
  } as unknown as Embedder;
}

test("a network that turns with its box gives the same mask on average", async () => {
  const random = createRandom(1);
  const boxes = Float32Array.from({ length: 20 * VOXELS }, () => random.next()); // more than are embedded together
  const same = network((box) => box);
  const mean = await averagedMasks(same, boxes, boxes);
  for (let i = 0; i < mean.length; i++) expect(mean[i]).toBeCloseTo(boxes[i], 5);
});

test("turns by half about the box centre, voxel floor(n / 2), and back", async () => {
  const box = new Float32Array(VOXELS);
  const marked = Float32Array.from(box);
  marked[at(4, 3, 2)] = 1; // one above the centre in z, one below it in x
  // Says "inside" of one voxel of its own frame, where the mark is brought by the half turn about y.
  const biased = network((turned) => box.map((_, i) => (i === at(2, 3, 4) && turned[i] === 1 ? 1 : 0)));
  const mean = await averagedMasks(biased, marked, (await biased.embed(marked)).masks!);
  expect([...mean.entries()].filter(([, value]) => value > 0)).toEqual([[at(4, 3, 2), 0.25]]);
});
