import { countText } from "../../count-text.js";
import { ConfigError } from "../../errors.js";
import { HELD_OUT_EVERY } from "../../files/complexes/index.js";
import type { DeviceChoice } from "../../files/model/index.js";
import {
  createNetwork,
  type NetworkConfig,
  type PresetName,
  type PresetOptions,
  presetConfig,
  type TrainingStepConfig,
  trainingStepDefaults,
} from "../../model/index.js";
import { DEFAULT_SEED, type Progress } from "../../progress.js";
import type { Device } from "../../runtime/index.js";
import { type BatchOptions, batchDefaults } from "../../train/index.js";
import type { Shape3 } from "../../volume/index.js";

/** What `cosnet train` can be told. */
export interface TrainOptions extends Progress, PresetOptions {
  /** Folder for checkpoint, model, curves and log. An earlier training in it is continued. */
  readonly outputFolder: string;
  /** Folders of structures and maps to train on beside procedural complexes. */
  readonly structureFolders?: readonly string[];
  /**
   * Every n-th structure (in order of name, over all folders) is held out to validate on; without structures,
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
  /** Batches whose mean gradient makes a step; default 1. */
  readonly batchesPerStep?: number;
  /**
   * Processes of this computer that find the gradients of a step's batches, each with its share of the threads; 0 where all
   * workers come from elsewhere (`workForTraining`). Left out: gradients are found in this process.
   */
  readonly workers?: number;
  /** Name or address by which workers of other computers reach this one; default "127.0.0.1", this computer alone. */
  readonly listenHost?: string;
  /** Told in a sentence what is odd, but does not stop the training. */
  readonly onWarning?: ((warning: string) => void) | undefined;
  readonly threads?: number;
  /** Where steps are computed; default "cpu". Scores are computed on the processor. */
  readonly device?: DeviceChoice;
}

export const trainDefaults = {
  validationEvery: HELD_OUT_EVERY,
  steps: 3000,
  seed: DEFAULT_SEED,
  preset: "cosnet",
  validateSteps: 250,
  validationViews: 16,
  patience: 8,
  specimenShape: [128, 256, 256],
} as const satisfies Partial<TrainOptions> & { readonly preset: PresetName };

/** The settings that decide the result; stored in the checkpoint and compared when a training is continued. */
export interface TrainingRecipe {
  readonly network: NetworkConfig;
  /** Without the classes that are cut from specimens. */
  readonly batch: BatchOptions;
  /** Left out where there are none. */
  readonly specimens?: { readonly count: number; readonly shape: Shape3; readonly classes: number } | undefined;
  /** Left out where it is 1. */
  readonly batchesPerStep?: number | undefined;
  /** Left out where it is the processor: sums differ in their last digits. */
  readonly device?: Device | undefined;
  readonly steps: number;
  readonly seed: number;
  readonly peakLearningRate: number;
  readonly validateSteps: number;
  readonly validationViews: number;
  readonly patience: number;
  readonly trainingComplexes: readonly string[];
  readonly validationComplexes: readonly string[];
  /** SHA-256 of the file of weights it started from. */
  readonly start?: string | undefined;
}

/** Fraction of a batch's classes that are cut from specimens where there are any. */
const SPECIMEN_FRACTION = 1 / 3;

/** The options, with what they leave open. @throws ConfigError when no step is asked for. */
export function recipeOf(
  options: TrainOptions,
  given: Pick<TrainingRecipe, "trainingComplexes" | "validationComplexes" | "start" | "device">,
): TrainingRecipe {
  const { seed, steps, validateSteps, validationViews, patience, ...settings } = { ...trainDefaults, ...options };
  const { preset, specimens: count = 0, specimenShape: shape, batchesPerStep = 1, workers = 0 } = settings;
  if (steps < 1)
    throw new ConfigError(`a network cannot be trained in ${steps} steps`, { hint: "Give --steps 1 or more." });
  if (workers > batchesPerStep)
    throw new ConfigError(
      `${workers} workers have nothing to share in a step of ${countText(batchesPerStep, "batch", "batches")}`,
      {
        hint: `Give --batches-per-step ${workers} or more; it changes the result as a larger batch does.`,
      },
    );
  if (given.device !== undefined && (batchesPerStep > 1 || options.workers !== undefined))
    throw new ConfigError("workers compute on the processor alone", {
      hint: "Leave --device or --workers and --batches-per-step out.",
    });
  const network = options.network ?? presetConfig(preset, options);
  const { classes, optimiser } = createNetwork(network).training;
  const cut = count > 0 ? Math.round(SPECIMEN_FRACTION * classes) : 0;
  const drawn = classes - cut;
  // Smaller batches keep the fraction of structures among their classes.
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
    ...(count > 0 && { specimens: { count, shape, classes: cut } }),
    ...(batchesPerStep > 1 && { batchesPerStep }),
    steps,
    seed,
    peakLearningRate: options.peakLearningRate ?? optimiser.learningRate,
    validateSteps,
    validationViews,
    patience,
    ...given,
  };
}

/** Classes of a batch, those cut from specimens among them. */
export const classesOf = ({ batch, specimens }: TrainingRecipe): number => batch.classes + (specimens?.classes ?? 0);

/** How a batch of the recipe goes through its network. */
export function stepConfigOf(recipe: TrainingRecipe): TrainingStepConfig {
  return { ...trainingStepDefaults, classes: classesOf(recipe), shots: recipe.batch.shots };
}
