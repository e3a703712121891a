import { HELD_OUT_EVERY } from "../../files/complexes/index.js";
import type { TrainingRecipe } from "../../files/model/index.js";
import {
  createNetwork,
  type NetworkConfig,
  type PresetName,
  type PresetOptions,
  presetConfig,
} from "../../model/index.js";
import type { Progress } from "../../progress.js";
import { type BatchOptions, batchDefaults } from "../../train/index.js";
import type { Shape3 } from "../../volume/index.js";

/** What `cosnet train` can be told. */
export interface TrainOptions extends Progress, PresetOptions {
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
  /** Otherwise the preset's own. */
  readonly peakLearningRate?: number;
  /** The kind of network, to which the switches `duse`, `decoder` and `channels` apply. */
  readonly preset?: PresetName;
  /** A whole configuration, instead of a preset and switches. */
  readonly network?: NetworkConfig;
  /** Weights to start from instead of random ones: a checkpoint, or `models/cosnet.safetensors`. */
  readonly weightsPath?: string;
  /** Supports of each class in the episodes trained on: n-way-k-shot. */
  readonly shots?: number;
  readonly batch?: Partial<Omit<BatchOptions, "seed">>;
  /** Simulated tomograms, kept in the output folder, from which half of each batch's classes are cut; 0: none. */
  readonly specimens?: number;
  /** Their shape in voxels, `[nz, ny, nx]`. */
  readonly specimenShape?: Shape3;
  /** Steps between validations; a checkpoint is written at each. */
  readonly validateSteps?: number;
  /** Particles of each validation complex at each of two noise levels. */
  readonly validationViews?: number;
  /** Validations without a better score after which training stops early. */
  readonly patience?: number;
  readonly threads?: number;
}

export const trainDefaults = {
  validationEvery: HELD_OUT_EVERY,
  steps: 3000,
  seed: 7,
  preset: "cosnet",
  validateSteps: 250,
  validationViews: 16,
  patience: 8,
  specimenShape: [128, 256, 256],
} as const satisfies Partial<TrainOptions> & { readonly preset: PresetName };

/** Share of a batch's classes that are cut from specimens where there are any. */
const SPECIMEN_SHARE = 0.5;

export function recipeOf(
  options: TrainOptions,
  given: Pick<TrainingRecipe, "trainingComplexes" | "validationComplexes" | "start">,
): TrainingRecipe {
  const seed = options.seed ?? trainDefaults.seed;
  const network = options.network ?? presetConfig(options.preset ?? trainDefaults.preset, options);
  const { classes, optimiser } = createNetwork(network).training;
  const count = options.specimens ?? 0;
  const cut = count > 0 ? Math.round(SPECIMEN_SHARE * classes) : 0;
  const drawn = classes - cut;
  // Smaller batches keep the share of structures among their classes.
  const structureClasses = Math.round((drawn * batchDefaults.structureClasses) / batchDefaults.classes);
  return {
    network,
    batch: {
      ...batchDefaults,
      classes: drawn,
      structureClasses,
      ...(options.shots && { shots: options.shots }),
      ...options.batch,
      seed,
    },
    ...(count > 0 && {
      specimens: { count, shape: options.specimenShape ?? trainDefaults.specimenShape, classes: cut },
    }),
    steps: options.steps ?? trainDefaults.steps,
    seed,
    peakLearningRate: options.peakLearningRate ?? optimiser.learningRate,
    validateSteps: options.validateSteps ?? trainDefaults.validateSteps,
    validationViews: options.validationViews ?? trainDefaults.validationViews,
    patience: options.patience ?? trainDefaults.patience,
    ...given,
  };
}
