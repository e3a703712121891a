import { expect, test } from "vitest";
import { nodeRuntime } from "../../src/files/model/onnx-runtime.js";
import { presetConfig, trainingStepDefaults } from "../../src/model/index.js";
import {
  type Batch,
  batchDefaults,
  classifierGraph,
  createBatchSource,
  createTrainer,
  initialState,
} from "../../src/train/index.js";

const CLASSES = 2;
const config = { ...trainingStepDefaults, classes: CLASSES };
const network = presetConfig("cosnet", { channels: 4 });
const options = { ...batchDefaults, seed: 3, classes: CLASSES, structureClasses: 0, pool: 4, freshClasses: 1 };
const batch = createBatchSource(options, [])(0);

async function stepOn(given: Batch, masksMayLack: boolean) {
  const trainer = await createTrainer(nodeRuntime, classifierGraph(network, { ...config, masksMayLack }), {
    threads: 1,
  });
  try {
    const state = initialState(trainer.layout, 1);
    const report = await trainer.step(state, given, 1e-3);
    await trainer.fetch(state);
    const { name, offset } = trainer.layout.parameters.find((spec) => spec.name === "mask.bias")!;
    expect(name).toBe("mask.bias");
    return { report, state, momentumOfMaskBias: state.momentum.slice(offset, offset + 8) };
  } finally {
    await trainer.release();
  }
}

test("with all masks known, the step is the plain one", async () => {
  const plain = await stepOn(batch, false);
  const known = await stepOn(batch, true);
  expect(known.report.diceLoss).toBeCloseTo(plain.report.diceLoss, 6);
  expect(known.report.maskCrossEntropy).toBeCloseTo(plain.report.maskCrossEntropy, 6);
  expect(known.state.momentum.every((value, i) => Math.abs(value - plain.state.momentum[i]!) < 1e-6)).toBe(true);
});

test("with no mask known, masks cost nothing and teach the decoder nothing", async () => {
  const unknown = { ...batch, masks: new Float32Array(batch.masks.length), maskKnown: new Float32Array(2 * CLASSES) };
  const { report, momentumOfMaskBias } = await stepOn(unknown, true);
  expect(report.diceLoss).toBeCloseTo(0, 6);
  expect(report.maskCrossEntropy).toBeCloseTo(0, 6);
  expect(report.classificationLoss).toBeGreaterThan(0);
  expect([...momentumOfMaskBias]).toEqual(new Array(8).fill(0));
});
