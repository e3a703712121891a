/** The models that ship with cosnet, in 8 bits beside float32. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-web";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadDetector, loadModel, nodeRuntime } from "../../src/files/model/index.js";
import { createEmbedder } from "../../src/infer/index.js";
import { measureRanges } from "../../src/jobs/ranges/index.js";
import { batchDefaults, createBatchSource } from "../../src/train/index.js";
import { createRandom, voxelCount } from "../../src/volume/index.js";
import { untrainedModel } from "../untrained-model.js";

/** Rendered particles: at least 0.9991 and 0.991 were measured, and the same accuracy and Dice as float32 over thousands. */
const LEAST = { cosine: 0.997, overlap: 0.98 };
/** Of probabilities of centres in noise; 0.03 was measured. */
const CENTRE = 0.06;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-int8-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("embeddings and masks of the classifier are near those of float32, for any number of boxes", async () => {
  const options = { ...batchDefaults, seed: 3, classes: 10, structureClasses: 0, pool: 20, freshClasses: 1 };
  const { volumes } = createBatchSource(options, [])(0);
  await using float32 = await loadModel(undefined, { precision: "float32", threads: 1 });
  await using int8 = await loadModel(undefined, { threads: 1 });
  expect(int8.embedder.precision).toBe("int8");
  expect(int8.label).toBe(float32.label.replace(/\)$/, ", int8)"));
  const [exact, rounded] = [await float32.embedder.embed(volumes), await int8.embedder.embed(volumes)];
  for (let row = 0; row < 20; row++) {
    const [a, b] = [exact, rounded].map(({ embeddings, size }) => embeddings.subarray(row * size, (row + 1) * size));
    expect(a!.reduce((sum, value, i) => sum + value * b![i]!, 0)).toBeGreaterThan(LEAST.cosine);
  }
  const inside = [exact, rounded].map(({ masks }) => masks!.map((value) => Number(value > 0.5)));
  const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
  const both = sum(inside[0]!.map((value, i) => value * inside[1]![i]!));
  expect((2 * both) / (sum(inside[0]!) + sum(inside[1]!))).toBeGreaterThan(LEAST.overlap);
});

test.each(["cosnet.onnx", "cosnet-small.onnx"])(
  "masks of %s are the same numbers in Node and in a browser's WebAssembly",
  async (name) => {
    const options = { ...batchDefaults, seed: 3, classes: 10, structureClasses: 0, pool: 20, freshClasses: 1 };
    const { volumes } = createBatchSource(options, [])(0);
    const model = await readFile(join(import.meta.dirname, "../../models", name));
    const masksBy = async (runtime: typeof nodeRuntime) => {
      await using embedder = await createEmbedder(runtime, model, { threads: 1, precision: "int8" });
      return (await embedder.embed(volumes)).masks!;
    };
    const [native, inBrowser] = [
      await masksBy(nodeRuntime),
      await masksBy({ ...nodeRuntime, InferenceSession, Tensor }),
    ];
    // The last sigmoid is in float32; what it is of is in 8 bits.
    expect(native.reduce((most, value, i) => Math.max(most, Math.abs(value - inBrowser[i]!)), 0)).toBeLessThan(1e-6);
  },
);

test("centres that the detector gives are near those of float32, for tiles of any shape", async () => {
  const shape = [48, 64, 40] as const;
  const random = createRandom("tile");
  const tile = Float32Array.from({ length: voxelCount(shape) }, () => random.normal());
  const centres = async (precision: "float32" | "int8") => {
    await using loaded = await loadDetector(undefined, { precision, threads: 1 });
    return (await loaded.detector.detect(tile, shape)).centre;
  };
  const [exact, rounded] = [await centres("float32"), await centres("int8")];
  expect(rounded.some((value, i) => value !== exact[i])).toBe(true);
  expect(rounded.reduce((most, value, i) => Math.max(most, Math.abs(value - exact[i]!)), 0)).toBeLessThan(CENTRE);
});

test("a model without ranges is computed in float32, and refuses 8 bits; measured twice, ranges are the same bytes", async () => {
  const [modelPath, outputPath] = [join(folder, "model.onnx"), join(folder, "ranges.onnx")];
  await writeFile(modelPath, untrainedModel());
  await using plain = await loadModel(modelPath);
  expect(plain.embedder.precision).toBe("float32");
  await expect(createEmbedder(nodeRuntime, untrainedModel(), { precision: "int8" })).rejects.toMatchObject({
    tag: "model",
    reason: expect.stringContaining("it holds no ranges"),
  });
  const result = await measureRanges({ modelPath, outputPath, seed: 2 });
  expect(Object.keys(result.ranges).length).toBeGreaterThan(10);
  const bytes = await readFile(outputPath);
  await measureRanges({ modelPath: outputPath, outputPath, seed: 2 });
  expect((await readFile(outputPath)).equals(bytes)).toBe(true);
  await using measured = await loadModel(outputPath);
  expect(measured.embedder.precision).toBe("int8");
}, 120_000);
