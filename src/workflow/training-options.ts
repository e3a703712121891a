import { type CosnetConfig, cosnetDefaults, type NetworkConfig } from "../model/index.js";
import { type BatchOptions, batchDefaults } from "../train/index.js";
import type { Progress } from "./progress.js";

/** What `cosnet train` can be told. */
export interface TrainOptions extends Progress {
  /** Folder for checkpoint, model, curves and log. An earlier training in it is continued. */
  readonly outputFolder: string;
  /** Folders of structures and maps to train on beside procedural complexes. */
  readonly structureFolders?: readonly string[];
  /**
   * Every so many-th structure (in order of name, over all folders) is held out to validate on; without structures,
   * procedural complexes of another seed are.
   */
  readonly validationEvery?: number;
  /** Optimiser steps; the learning rate falls to its end over them. */
  readonly steps?: number;
  readonly seed?: number;
  readonly peakLearningRate?: number;
  readonly network?: NetworkConfig;
  readonly batch?: Partial<Omit<BatchOptions, "seed">>;
  /** Steps between validations; a checkpoint is written at each. */
  readonly validateSteps?: number;
  /** Particles of each validation complex at each of two noise levels. */
  readonly validationViews?: number;
  /** Validations without a better score after which training stops early. */
  readonly patience?: number;
  readonly threads?: number;
}

/** The settings that decide the result; stored in the checkpoint and compared when a training is continued. */
export interface TrainingRecipe {
  readonly network: NetworkConfig;
  readonly batch: BatchOptions;
  readonly steps: number;
  readonly seed: number;
  readonly peakLearningRate: number;
  readonly validateSteps: number;
  readonly validationViews: number;
  readonly patience: number;
  readonly trainingComplexes: readonly string[];
  readonly validationComplexes: readonly string[];
}

export const trainDefaults = {
  validationEvery: 4,
  steps: 3000,
  seed: 1,
  peakLearningRate: 2e-3,
  network: cosnetDefaults as CosnetConfig as NetworkConfig,
  validateSteps: 250,
  validationViews: 16,
  patience: 8,
} as const;

export function recipeOf(
  options: TrainOptions,
  trainingComplexes: readonly string[],
  validationComplexes: readonly string[],
): TrainingRecipe {
  const seed = options.seed ?? trainDefaults.seed;
  return {
    network: options.network ?? trainDefaults.network,
    batch: { ...batchDefaults, ...options.batch, seed },
    steps: options.steps ?? trainDefaults.steps,
    seed,
    peakLearningRate: options.peakLearningRate ?? trainDefaults.peakLearningRate,
    validateSteps: options.validateSteps ?? trainDefaults.validateSteps,
    validationViews: options.validationViews ?? trainDefaults.validationViews,
    patience: options.patience ?? trainDefaults.patience,
    trainingComplexes,
    validationComplexes,
  };
}
