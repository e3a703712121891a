import { beforeAll, describe, expect, test } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { nodeRuntime } from "../../src/files/model/onnx-runtime.js";
import { createEmbedder } from "../../src/infer/index.js";
import {
  encodeModel,
  type NetworkConfig,
  type PresetName,
  presetConfig,
  presetNames,
  trainingStepDefaults,
} from "../../src/model/index.js";
import {
  type Batch,
  type ClassifierReport,
  classifierGraph,
  createBatchSource,
  createTrainer,
  initialState,
  stateValues,
  type Trainer,
} from "../../src/train/index.js";

const CLASSES = 4;
const STEPS = 8;

/** Well above the presets' own: a few steps must show. The L1 head works on embeddings of any length and bears less. */
const learningRates: Readonly<Record<PresetName, number>> = { cosnet: 1e-2, paper: 2e-3, released: 2e-3 };

/** Small enough to train in a test. */
const networks = {
  cosnet: presetConfig("cosnet", { channels: 4 }),
  paper: presetConfig("paper", { channels: 2 }),
  released: presetConfig("released", { channels: 2 }),
} satisfies Record<PresetName, NetworkConfig>;

let batch: Batch;
beforeAll(() => {
  const source = createBatchSource(
    {
      seed: 3,
      classes: CLASSES,
      shots: 1,
      structureClasses: 0,
      pool: 8,
      freshClasses: 1,
      hardShare: 0,
      crowdedShare: 0,
      variedShare: 0.4,
      imaging: {},
    },
    [],
  );
  batch = source(0);
});

async function withTrainer(
  network: NetworkConfig,
  use: (trainer: Trainer<Batch, ClassifierReport>) => Promise<void>,
): Promise<void> {
  const trainer = await createTrainer(
    nodeRuntime,
    classifierGraph(network, { ...trainingStepDefaults, classes: CLASSES }),
    { threads: 1 },
  );
  try {
    await use(trainer);
  } finally {
    await trainer.release();
  }
}

for (const preset of presetNames) {
  describe(preset, () => {
    const network = networks[preset];

    test("learns a batch of rendered particles by heart, and exports what it learned", async () => {
      await withTrainer(network, async (trainer) => {
        const state = initialState(trainer.layout, 1);
        const before = state.parameters;
        const reports = [];
        reports.push(await trainer.step(state, batch, learningRates[preset]));
        await trainer.fetch(state);
        // Adam's first step, its moments corrected, is as long as the learning rate for every parameter with a gradient.
        const moves = state.parameters.map((value, i) => Math.abs(value - before[i]!) / learningRates[preset]);
        expect(moves.reduce((a, b) => Math.max(a, b))).toBeCloseTo(1, 2);
        for (let i = 1; i < STEPS; i++) reports.push(await trainer.step(state, batch, learningRates[preset]));
        const [first, last] = [reports[0]!, reports.at(-1)!];
        expect(last.classificationLoss).toBeLessThan(0.9 * first.classificationLoss);
        expect(last.diceLoss).toBeLessThan(first.diceLoss);
        for (const report of reports) {
          expect(report.gradientNorm).toBeGreaterThan(0);
          expect(report.accuracy).toBeGreaterThanOrEqual(0);
          expect(report.accuracy).toBeLessThanOrEqual(1);
        }

        await trainer.fetch(state);
        const embedder = await createEmbedder(
          nodeRuntime,
          encodeModel(network, stateValues(trainer.layout, state), {}),
        );
        try {
          const { embeddings, masks, size } = await embedder.embed(batch.volumes);
          expect(embeddings).toHaveLength(2 * CLASSES * size);
          expect(embeddings.every(Number.isFinite)).toBe(true);
          expect(masks).toHaveLength(batch.masks.length);
          expect(masks!.every((p) => p >= 0 && p <= 1)).toBe(true);
        } finally {
          await embedder.release();
        }
      });
    });
  });
}

test("a state that is copied half-way goes on bit for bit", async () => {
  await withTrainer(networks.cosnet, async (trainer) => {
    const state = initialState(trainer.layout, 5);
    const before = structuredClone(state);
    await trainer.step(state, batch, learningRates.cosnet);
    await trainer.fetch(state);
    const copy = structuredClone(state);
    await trainer.step(state, batch, learningRates.cosnet);
    await trainer.step(copy, batch, learningRates.cosnet); // which brings `state` back first
    await trainer.fetch(copy);
    expect(copy).toEqual(state);
    expect(copy.parameters).not.toEqual(before.parameters);
  });
});

test("initial values depend on the seed and the parameter's name only", async () => {
  await withTrainer(networks.cosnet, async (trainer) => {
    expect(initialState(trainer.layout, 1)).toEqual(initialState(trainer.layout, 1));
    expect(initialState(trainer.layout, 2).parameters).not.toEqual(initialState(trainer.layout, 1).parameters);
  });
});

test("a batch that cannot be cut into episodes is refused", async () => {
  const network = { ...presetConfig("paper", { channels: 2 }), ways: 3 } as NetworkConfig;
  await expect(withTrainer(network, async () => {})).rejects.toThrow(
    new ConfigError("4 classes in a batch are not a multiple of 3 ways"),
  );
});
