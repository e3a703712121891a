import { ConfigError } from "../../errors.js";
import type { ComplexSplit } from "../../files/complexes/index.js";
import type { DeviceChoice } from "../../files/model/index.js";
import { type DetectorConfig, detectorDefaults, detectorOptimiser, detectorStepDefaults } from "../../model/index.js";
import { DEFAULT_SEED, type Progress } from "../../progress.js";
import type { Device } from "../../runtime/index.js";
import type { Shape3 } from "../../volume/index.js";

/** What `cosnet train detector` can be told. */
export interface TrainDetectorOptions extends Progress {
  /** Folder for specimens, checkpoint, model, curves and log. An earlier training in it is continued. */
  readonly outputFolder: string;
  /** Folders of structures and maps to pack beside procedural complexes; every fourth is held out to validate on. */
  readonly structureFolders?: readonly string[];
  readonly seed?: number;
  readonly steps?: number;
  readonly peakLearningRate?: number;
  /** Specimens to train on, and their shape in voxels, `[nz, ny, nx]`. */
  readonly specimens?: number;
  readonly specimenShape?: Shape3;
  /** Specimens to check with: one as `cosnet simulate tomogram` makes it, the others varied. */
  readonly validationSpecimens?: number;
  /** Patches in a batch, and their edge in voxels. */
  readonly patches?: number;
  readonly patchEdge?: number;
  readonly validateSteps?: number;
  readonly network?: DetectorConfig;
  /** Weights to start with, as far as they fit: a detector's checkpoint, or the classifier's, whose encoder and decoder are the same. */
  readonly weightsPath?: string;
  readonly threads?: number;
  /** Where steps are computed; default "cpu". Scores are computed on the processor. */
  readonly device?: DeviceChoice;
  /** Told in a sentence what is odd, but does not stop the training. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** What a training is where nothing else is asked for. */
export const trainDetectorDefaults = {
  network: detectorDefaults,
  seed: DEFAULT_SEED,
  steps: 2000,
  peakLearningRate: detectorOptimiser.learningRate,
  specimens: 24,
  specimenShape: [96, 192, 192],
  validationSpecimens: 3,
  patches: detectorStepDefaults.patches,
  patchEdge: detectorStepDefaults.edge,
  validateSteps: 500,
} as const satisfies Omit<TrainDetectorOptions, "outputFolder">;

/** What decides the result; stored in the checkpoint and compared when a training is continued. */
export type DetectorRecipe = ReturnType<typeof recipeOf>;

/** In smaller ones nothing but the border would be left, which does not count. */
const SMALLEST_PATCH = 32;

/** The options, with what they leave open. @throws ConfigError when nothing could be learnt, or patches cannot be cut. */
export function recipeOf(options: TrainDetectorOptions, { training, heldOut }: ComplexSplit, device: Device) {
  const { network, seed, steps, specimens, patches, patchEdge, ...given } = { ...trainDetectorDefaults, ...options };
  const { peakLearningRate, specimenShape, validationSpecimens, validateSteps } = given;
  if (steps < 1 || specimens < 1)
    throw new ConfigError(`a network cannot be trained in ${steps} steps on ${specimens} specimens`, {
      hint: "Give --steps 1 and --specimens 1 or more.",
    });
  if (patchEdge % 8 !== 0 || patchEdge < SMALLEST_PATCH || patchEdge > Math.min(...specimenShape))
    throw new ConfigError(`patches of ${patchEdge} voxels cannot be cut`, {
      hint: `Give a multiple of 8 from ${SMALLEST_PATCH} that the specimens hold.`,
    });
  return {
    network,
    seed,
    steps,
    peakLearningRate,
    specimens,
    specimenShape,
    validationSpecimens,
    patches,
    patchEdge,
    validateSteps,
    trainingComplexes: training.map(({ name }) => name),
    validationComplexes: heldOut.map(({ name }) => name),
    startsFrom: options.weightsPath,
    ...(device !== "cpu" && { device }), // sums differ in their last digits
  };
}
