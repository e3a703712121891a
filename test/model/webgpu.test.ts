import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { probeDevice } from "../../src/files/model/device-probe.js";
import { nodeRuntime } from "../../src/files/model/onnx-runtime.js";
import { createEmbedder, createNetworkDetector } from "../../src/infer/index.js";
import { createNetwork, encodeModel, trainingStep, trainingStepDefaults } from "../../src/model/index.js";
import { createTrainer, initialState } from "../../src/train/index.js";
import { createRandom } from "../../src/volume/index.js";
import { loadFixture } from "../fixtures/load.js";
import { expectClose } from "../graph/check-operation.js";
import { gpuText, softwareGpu } from "../graph/software-gpu.js";
import { untrainedModel } from "../untrained-model.js";
import { CLASSES, EDGE, networkCases } from "./network-cases.js";

/** Some ten layers of float32 sums in another order. */
const FORWARD_TOLERANCE = 1e-4;
/** Forward and back, through norms over small batches, which amplify rounding. */
const TRAINING_TOLERANCE = 2e-3;

const DEVICES = ["cpu", "webgpu"] as const;
const config = networkCases.cosnet!;
const { volumes, masks } = loadInputs();

function loadInputs() {
  const inputs = loadFixture("network-inputs");
  return { volumes: inputs.get("volumes")!, masks: inputs.get("masks")! };
}

const normals = (seed: string, length: number): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
};

const vector = (data: Float32Array) => ({ data, shape: [data.length] });

describe.skipIf(!softwareGpu)(`networks ${gpuText}`, () => {
  test("embeddings and masks are the processor's", async () => {
    const stored = [...loadFixture("network-cosnet")].filter(([key]) => key.startsWith("value/"));
    const values = new Map(stored.map(([key, { data }]) => [key.slice("value/".length), data]));
    const model = encodeModel(config, values, {}, { edge: EDGE });
    const [expected, given] = await Promise.all(
      DEVICES.map(async (device) => {
        await using embedder = await createEmbedder(nodeRuntime, model, { device });
        return await embedder.embed(volumes.data); // before the model is freed
      }),
    );
    expectClose(vector(given!.embeddings), vector(expected!.embeddings), "embeddings", FORWARD_TOLERANCE);
    expectClose(vector(given!.masks!), vector(expected!.masks!), "masks", FORWARD_TOLERANCE);
  });

  test("a graphics processor in software is found to be right, and not faster", async () => {
    expect(await probeDevice(nodeRuntime, untrainedModel())).toEqual({ isFaster: false });
  });

  test("a small tile of the detector is the processor's", async () => {
    const model = await readFile(join(import.meta.dirname, "../../models/detector.onnx"));
    const shape = [16, 16, 16] as const;
    const [expected, given] = await Promise.all(
      DEVICES.map(async (device) => {
        await using detector = await createNetworkDetector(nodeRuntime, model, { device, precision: "float32" });
        return await detector.detect(normals("tile", 16 ** 3), shape);
      }),
    );
    for (const name of ["centre", "radiusVoxels", "features"] as const)
      expectClose(vector(given![name]!), vector(expected![name]!), name, FORWARD_TOLERANCE);
  });

  test("two training steps are the processor's", async () => {
    const step = trainingStep(createNetwork(config), { ...trainingStepDefaults, classes: CLASSES, edge: EDGE });
    const graph = {
      ...step,
      inputs: () => ({ volumes, masks, maskKnown: vector(new Float32Array(2 * CLASSES).fill(1)) }),
      report: ({ report }: Readonly<Record<string, { data: Float32Array }>>) => report!.data,
    };
    const [expected, given] = await Promise.all(
      DEVICES.map(async (device) => {
        await using trainer = await createTrainer(nodeRuntime, graph, { threads: 1, device });
        const state = initialState(trainer.layout, 2);
        await trainer.step(state, undefined, 1e-3);
        return { report: await trainer.step(state, undefined, 1e-3), ...state };
      }),
    );
    for (const name of ["report", "statistics", "momentum", "velocity", "parameters"] as const)
      expectClose(vector(given![name]), vector(expected![name]), name, TRAINING_TOLERANCE);
    expect(given!.step).toBe(2);
  });
});
