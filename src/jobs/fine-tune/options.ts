import { ConfigError } from "../../errors.js";
import type { DeviceChoice } from "../../files/model/index.js";
import type { NetworkConfig } from "../../model/index.js";
import { DEFAULT_SEED, type Progress } from "../../progress.js";

/** What `cosnet train --particles` can be told. */
export interface FineTuneOptions extends Progress {
  /** STAR list of the user's particles; `cosnetClassName` or `rlnClassNumber` names the class of each. */
  readonly particlesPath: string;
  readonly outputFolder: string;
  /** Voxel size of the files, overriding list and headers. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Protein is dark in the files. */
  readonly inverted?: boolean | undefined;
  /** Rotate boxes to the tilt geometry the network knows and low-pass filter excess noise, as `classify` does. Default true. */
  readonly adapt?: boolean | undefined;
  /** Tomogram that coordinates refer to, where the list does not name one. */
  readonly tomogramPath?: string | undefined;
  /** Folders of structures and maps to mix in beside procedural complexes. */
  readonly structureFolders?: readonly string[] | undefined;
  /** Weights to start from; otherwise those of the default model. */
  readonly weightsPath?: string | undefined;
  /** The network of these weights, where their file does not say it. */
  readonly network?: NetworkConfig | undefined;
  /** Fraction of each class's particles held out to check with, 0 to 0.5; with 0 the last step is taken as it is. */
  readonly heldOutShare?: number | undefined;
  readonly steps?: number | undefined;
  readonly peakLearningRate?: number | undefined;
  readonly validateSteps?: number | undefined;
  /** Validations without a better score after which it stops early. */
  readonly patience?: number | undefined;
  /** Particles of each complex that is not the user's, at each of two noise levels, to see what is forgotten. */
  readonly validationViews?: number | undefined;
  /** Procedural classes alive at a time; each is replaced after a while. */
  readonly pool?: number | undefined;
  readonly seed?: number | undefined;
  readonly threads?: number | undefined;
  /** Where steps are computed; default "cpu". Scores are computed on the processor. */
  readonly device?: DeviceChoice | undefined;
  readonly overwrite?: boolean | undefined;
  /** Told in a sentence what is odd, but does not stop the job. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** The options that decide the result, with what they leave open. */
export function fineTuneSettings({
  heldOutShare = 0.3,
  steps = 200,
  peakLearningRate = 2e-4,
  validateSteps = 25,
  patience = 4,
  validationViews = 8,
  pool = 96,
  seed = DEFAULT_SEED,
}: FineTuneOptions) {
  if (!(heldOutShare >= 0 && heldOutShare <= 0.5))
    throw new ConfigError(`a fraction of ${heldOutShare} cannot be held out`, {
      hint: "Give 0 to 0.5 with --hold-out.",
    });
  return { heldOutShare, steps, peakLearningRate, validateSteps, patience, validationViews, pool, seed };
}

export type FineTuneSettings = ReturnType<typeof fineTuneSettings>;

/** All of the user's classes are in every batch, up to this many, and as many simulated ones, but no fewer than the least. */
const MOST_OWN_CLASSES = 12;
const LEAST_SIMULATED_CLASSES = 8;

/** The numbers of a batch's classes that are the user's and that are simulated. */
export function batchClasses(classCount: number): { readonly own: number; readonly simulated: number } {
  const own = Math.min(classCount, MOST_OWN_CLASSES);
  return { own, simulated: Math.max(LEAST_SIMULATED_CLASSES, own) };
}
