/** What is measured of cosnet: the built package in dist/, as users run it, or another build. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { batchDefaults, createBatchSource } from "../dist/train/index.js";
import { sample } from "./measure.mjs";

export const SEED = 20211;

/** Rendered particles and their masks: first views of so many procedural complexes, then second views. */
export function renderBatch(classes) {
  const options = { ...batchDefaults, seed: SEED, classes, structureClasses: 0, pool: 2 * classes, freshClasses: 1 };
  return createBatchSource(options, [])(0);
}

const OURS = join(import.meta.dirname, "../dist");

/** The embedder that ships with a build. @param precision "float32" or "int8"; builds before 29 November 2026 know float32 alone */
export async function openEmbedder({ build = OURS, ...options }) {
  const { loadModel } = await import(pathToFileURL(join(build, "files/model/index.js")));
  return (await loadModel(undefined, options)).embedder;
}

/** Seconds to embed and mask the volumes with the model that ships. */
export async function sampleEmbedding(volumes, { precision, threads, device, ...timing }) {
  const embedder = await openEmbedder({ precision, threads, device });
  try {
    return await sample(() => embedder.embed(volumes), timing);
  } finally {
    await embedder.release();
  }
}

/** A training of a build, at its first step. */
export async function openTraining({ build = OURS, preset, classes, ...options }) {
  const load = (file) => import(pathToFileURL(join(build, file)));
  const { presetConfig, trainingStepDefaults } = await load("model/index.js");
  const { classifierGraph, createTrainer, initialState } = await load("train/index.js");
  const { nodeRuntime } = await load("files/model/index.js");
  const graph = classifierGraph(presetConfig(preset), { ...trainingStepDefaults, classes });
  const trainer = await createTrainer(nodeRuntime, graph, options);
  const state = initialState(trainer.layout, SEED);
  return { step: (batch) => trainer.step(state, batch, 1e-4), release: () => trainer.release() };
}

/** Seconds of one training step: losses, gradients, optimiser, running statistics. */
export async function sampleTraining(batch, { preset, classes, threads, device, ...timing }) {
  const training = await openTraining({ preset, classes, threads, device });
  try {
    return await sample(() => training.step(batch), timing);
  } finally {
    await training.release();
  }
}
