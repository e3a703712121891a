import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadModel } from "../src/files/model/classifier.js";
import { storedNetwork } from "../src/files/model/weights.js";
import { readSafetensors } from "../src/io/index.js";
import type { TrainOptions } from "../src/jobs/train/options.js";
import { train } from "../src/jobs/train/train.js";
import { cosnetDefaults } from "../src/model/index.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-training-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A network and batches small enough for a test; everything else as in earnest. */
const small = (outputFolder: string): TrainOptions => ({
  outputFolder,
  steps: 4,
  seed: 3,
  network: { ...cosnetDefaults, widths: [8, 8, 16], blocks: [1, 1, 1], hiddenSize: 16, embeddingSize: 8 },
  batch: { classes: 4, structureClasses: 0, pool: 8, freshClasses: 1 },
  validateSteps: 2,
  validationViews: 2,
  threads: 1,
});

test("a training that is stopped and continued ends with the same bytes as one that is not", async () => {
  const whole = join(folder, "whole");
  await train(small(whole));

  const parts = join(folder, "parts");
  const controller = new AbortController();
  const onProgress = ({ stage, done }: { stage: string; done: number }) => {
    if (stage === "training" && done === 3) controller.abort();
  };
  await expect(train({ ...small(parts), signal: controller.signal, onProgress })).rejects.toMatchObject({
    tag: "abort",
  });
  const interrupted = readSafetensors(await readFile(join(parts, "checkpoint.safetensors")), { name: "checkpoint" });
  expect(interrupted.metadata.step).toBe("3");
  await train(small(parts));

  expect(await readFile(join(parts, "model.onnx"))).toEqual(await readFile(join(whole, "model.onnx")));
  const [one, other] = await Promise.all(
    [whole, parts].map(async (path) =>
      readSafetensors(await readFile(join(path, "checkpoint.safetensors")), { name: path }),
    ),
  );
  expect([...other!.arrays.keys()]).toEqual([...one!.arrays.keys()]);
  for (const [name, { data }] of one!.arrays) expect(other!.arrays.get(name)!.data, name).toEqual(data);
});

test("training a finished training again changes nothing; other settings are refused by name", async () => {
  const whole = join(folder, "whole");
  const before = await readFile(join(whole, "checkpoint.safetensors"));
  const { steps, best } = await train(small(whole));
  expect(steps).toBe(4);
  expect(best.validation.score).toBeGreaterThan(0);
  expect(await readFile(join(whole, "checkpoint.safetensors"))).toEqual(before);
  await expect(train({ ...small(whole), seed: 4 })).rejects.toThrow(/started with other settings \(batch, seed\)/);
});

test("a training can start from another's weights, and refuses those of another network", async () => {
  const weightsPath = join(folder, "whole", "checkpoint.safetensors");
  const name = "level1.block1.first.weights";
  const weights = async (path: string) =>
    readSafetensors(await readFile(join(path, "checkpoint.safetensors")), { name: path }).arrays.get(name)!
      .data as Float32Array;
  const tuned = join(folder, "tuned");
  await train({ ...small(tuned), weightsPath, steps: 1, peakLearningRate: 1e-9 });
  const [before, after] = [await weights(join(folder, "whole")), await weights(tuned)];
  // One step of AdamW moves a weight by about the learning rate, here less than float32 resolves.
  expect(after.every((value, i) => Math.abs(value - before[i]!) < 1e-7)).toBe(true);

  // Without a network of its own it has that of the weights, also with the switches that the command line gives by itself.
  const { network, ...unnamed } = small(join(folder, "same network"));
  await train({ ...unnamed, duse: true, decoder: true, weightsPath, steps: 1, peakLearningRate: 1e-9 });
  expect(await storedNetwork(join(unnamed.outputFolder, "checkpoint.safetensors"))).toEqual(network);

  const other = { ...cosnetDefaults, widths: [8, 8, 8] as const, blocks: [1, 1, 1] as const };
  await expect(train({ ...small(join(folder, "other")), network: other, weightsPath })).rejects.toThrow(
    /tensor \S+ is missing or has the wrong size/,
  );
});

test("the trained model loads and embeds with unit length", async () => {
  const { embedder } = await loadModel(join(folder, "whole", "model.onnx"), { threads: 1 });
  const volumes = Float32Array.from({ length: 3 * 32 ** 3 }, (_, i) => Math.sin(i * 0.7 + (i % 97)));
  const { embeddings, size, masks } = await embedder.embed(volumes);
  expect(size).toBe(8);
  for (let row = 0; row < 3; row++)
    expect(Math.hypot(...embeddings.subarray(row * size, (row + 1) * size))).toBeCloseTo(1, 4);
  expect(masks!.every((p) => p >= 0 && p <= 1)).toBe(true);
  await embedder.release();
});
