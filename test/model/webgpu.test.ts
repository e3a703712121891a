import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { probeDevice } from "../../src/files/model/device-probe.js";
import { nodeRuntime } from "../../src/files/model/onnx-runtime.js";
import { createEmbedder, createNetworkDetector } from "../../src/infer/index.js";
import { createNetwork, encodeModel, trainingStep, trainingStepDefaults } from "../../src/model/index.js";
import type { OnnxRuntime } from "../../src/runtime/index.js";
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

  test("two training steps are the processor's, and their state stays on the device", async () => {
    const step = trainingStep(createNetwork(config), { ...trainingStepDefaults, classes: CLASSES, edge: EDGE });
    const graph = {
      ...step,
      inputs: () => ({ volumes, masks, maskKnown: vector(new Float32Array(2 * CLASSES).fill(1)) }),
      report: ({ report }: Readonly<Record<string, { data: Float32Array }>>) => report!.data,
    };
    const watched = watchedRuntime();
    const [expected, given] = await Promise.all(
      DEVICES.map(async (device) => {
        const runtime = device === "cpu" ? nodeRuntime : watched.runtime;
        await using trainer = await createTrainer(runtime, graph, { threads: 1, device });
        const state = initialState(trainer.layout, 2);
        await trainer.step(state, undefined, 1e-3); // which is compared with the processor's
        watched.crossings.length = 0;
        const report = await trainer.step(state, undefined, 1e-3);
        expect(state.parameters).toHaveLength(0);
        if (device === "webgpu")
          expect(watched.crossings).toEqual([{ up: ["masks", "schedule", "volumes"], down: ["logits", "report"] }]);
        await trainer.fetch(state);
        return { report, ...state };
      }),
    );
    for (const name of ["report", "statistics", "momentum", "velocity", "parameters"] as const)
      expectClose(vector(given![name]), vector(expected![name]), name, TRAINING_TOLERANCE);
    expect(given!.step).toBe(2);
  });
});

/** ONNX Runtime, and what each run takes from the processor's memory and brings there. */
function watchedRuntime() {
  const crossings: { readonly up: readonly string[]; readonly down: readonly string[] }[] = [];
  const here = (tensors: Readonly<Record<string, unknown>>): readonly string[] =>
    Object.keys(tensors)
      .filter((name) => (tensors[name] as { readonly location: string }).location === "cpu")
      .sort();
  const runtime: OnnxRuntime = {
    ...nodeRuntime,
    InferenceSession: {
      async create(model, options) {
        const session = await nodeRuntime.InferenceSession.create(model, options);
        return {
          ...{ inputNames: session.inputNames, outputNames: session.outputNames, release: () => session.release() },
          async run(feeds) {
            const outputs = await session.run(feeds);
            crossings.push({ up: here(feeds), down: here(outputs) });
            return outputs;
          },
        };
      },
    },
  };
  return { runtime, crossings };
}
