import { expect, test } from "vitest";
import { proceduralComplex } from "../simulate/index.js";
import { createRandom } from "../volume/index.js";
import { batchDefaults, createBatchSource } from "./index.js";

const structures = [0, 1, 2].map((i) => proceduralComplex(createRandom("batches test").fork(i)));

test("with no procedural classes all classes are the given structures, crowded by each other", () => {
  const options = { ...batchDefaults, seed: 3, classes: 3, structureClasses: 3, pool: 0, freshClasses: 0 };
  const alone = createBatchSource({ ...options, crowdedShare: 0 }, structures)(5);
  const crowded = createBatchSource({ ...options, crowdedShare: 1 }, structures)(5);
  expect(alone.volumes).toHaveLength(2 * 3 * 32 ** 3);
  expect(alone.volumes.every(Number.isFinite)).toBe(true);
  const filled = [0, 1, 2].map((i) => alone.masks.subarray(i * 32 ** 3, (i + 1) * 32 ** 3).reduce((a, b) => a + b));
  expect(Math.min(...filled)).toBeGreaterThan(0);
  expect(crowded.volumes).not.toEqual(alone.volumes);
});
