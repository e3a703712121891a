/** What the process that trains and those that find gradients for it say to each other. */

import type { Complex } from "../../../simulate/index.js";
import type { BatchGradient, ClassifierReport } from "../../../train/index.js";
import type { TrainingRecipe } from "../options.js";

/** All that a worker needs beside the training's folder. */
export interface TrainingTask {
  readonly recipe: TrainingRecipe;
  readonly structures: readonly Complex[];
}

/** What a worker finds of a batch. */
export type Gradient = BatchGradient<ClassifierReport>;

/** From the training to a worker. */
export type ToWorker =
  | { readonly type: "begin"; readonly task: TrainingTask }
  | {
      readonly type: "find";
      readonly parameters: Float32Array;
      readonly statistics: Float32Array;
      /** By number, each to be answered by a gradient. */
      readonly batches: readonly number[];
      /** Those that will be asked for next, as far as one can tell. */
      readonly next: readonly number[];
    }
  | { readonly type: "end" };

/** From a worker to the training. */
export type FromWorker =
  | { readonly type: "ready"; readonly name: string; readonly version: string }
  | { readonly type: "gradient"; readonly batch: number; readonly gradient: Gradient }
  | { readonly type: "failed"; readonly reason: string };
