/** A trainer whose steps are of several batches, each found by a worker. */
import { nodeRuntime } from "../../../files/model/index.js";
import { type ClassifierReport, classifierGraph, createOptimiser, type Trainer } from "../../../train/index.js";
import { stepConfigOf } from "../options.js";
import { startLocalWorkers } from "./local-workers.js";
import type { TrainingTask } from "./messages.js";
import { awaitWorkers } from "./workers.js";

/** Who finds the gradients. */
export interface ParallelOptions {
  readonly folder: string;
  /** Processes on this computer; others may join. */
  readonly localWorkers: number;
  /** What other computers reach this one by. */
  readonly listenHost: string;
  /** Of each local worker. */
  readonly threads: number | undefined;
  readonly onWarning?: ((warning: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A trainer that is told the number of a step, and knows its batches. */
export type StepTrainer = Omit<Trainer<number, ClassifierReport>, "release">;

/**
 * Step n is the mean of batches n B to n B + B - 1, B being the recipe's `batchesPerStep`, summed in their order: the same bytes
 * whoever finds the gradients, up to what the number of threads changes in a sum.
 * @throws ConfigError, FileError, ModelError.
 */
export async function createParallelTrainer(
  task: TrainingTask,
  { folder, localWorkers: count, listenHost: host, threads, onWarning, signal }: ParallelOptions,
): Promise<StepTrainer> {
  const { recipe } = task;
  const { batchesPerStep = 1 } = recipe;
  const graph = classifierGraph(recipe.network, stepConfigOf(recipe));
  const workers = await awaitWorkers({ folder, task, host, areStartedHere: count > 0, onWarning });
  const local = startLocalWorkers({ folder, count, threads, onWarning, onAllGone: workers.fail });
  const optimiser = await createOptimiser(nodeRuntime, graph, { threads: 1 });
  const batchesOf = (step: number) => Array.from({ length: batchesPerStep }, (_, i) => step * batchesPerStep + i);
  return {
    layout: graph.layout,
    async step(state, step, learningRate) {
      const { parameters, statistics } = state;
      const request = { parameters, statistics, batches: batchesOf(step), next: batchesOf(step + 1) };
      return optimiser.step(state, await workers.gradientsOf(request, signal), learningRate);
    },
    async fetch() {}, // a step leaves the arrays here
    async [Symbol.asyncDispose]() {
      await workers[Symbol.asyncDispose](); // tells them that it has ended
      await local[Symbol.asyncDispose]();
      await optimiser[Symbol.asyncDispose]();
    },
  };
}
