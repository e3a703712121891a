import type { CrfChoice } from "../../infer/index.js";
import { DEFAULT_SEED, type JobOptions, type JobResult } from "../../progress.js";
import type { NetworkOptions, SearchOptions } from "../search/index.js";

/** Classification draws nothing at random: the seed is only written into the outputs. */
export interface ClassifyOptions
  extends JobOptions,
    Pick<NetworkOptions, "modelPath" | "threads" | "device" | "precision">,
    Pick<SearchOptions, "voxelSizeAngstrom" | "testTimeAveraging" | "adapt"> {
  /**
   * Particle lists of any format, whose classes `cosnetClassName` or `rlnClassNumber` name, or `CLASS=FILE` with a list, the box
   * of a particle, a structure or a map.
   */
  readonly examples: readonly string[];
  /** STAR list of the particles to classify. */
  readonly particlesPath: string;
  /** Protein is dark (true) or bright (false) in the files; undefined: as the lists say, else as measured. */
  readonly inverted?: boolean | undefined;
  /** The same of the examples, where that differs from the particles. */
  readonly examplesInverted?: boolean | undefined;
  /** Tomogram that coordinates refer to, where the lists do not name one. */
  readonly tomogramPath?: string | undefined;
  /** Compare particles with examples orientation by orientation, too; default true. */
  readonly compareOrientations?: boolean;
  /** Take classes for as frequent as the list shows; false: for equally frequent. Default true. */
  readonly proportions?: boolean;
  /** How the conditional random field refines the masks. Default "fitted". */
  readonly crf?: CrfChoice | undefined;
  /** Make masks of those of the particles of the same class, too, turned onto each other. Default false. */
  readonly commonMasks?: boolean | undefined;
}

export type ClassifySettings = ReturnType<typeof settingsOf>;

/** The options with every default filled in. */
export function settingsOf({
  testTimeAveraging = false,
  crf = "fitted",
  commonMasks = false,
  adapt = true,
  compareOrientations = true,
  proportions = true,
  overwrite = false,
  seed = DEFAULT_SEED,
  command = "classify()",
  ...given
}: ClassifyOptions) {
  const masks = { crf, commonMasks };
  return { ...given, ...masks, testTimeAveraging, adapt, compareOrientations, proportions, overwrite, seed, command };
}

/** How many examples the others would assign to their own class; `doubtful` are rows of the list, from 0. */
export interface ExampleAgreement {
  readonly recognised: number;
  readonly of: number;
  readonly doubtful: readonly number[];
}

/** What `classify` wrote, and with what margins. */
export interface ClassifyResult extends JobResult {
  readonly starPath: string;
  readonly masksFolder: string | undefined;
  readonly particles: number;
  readonly classes: readonly { readonly name: string; readonly supports: number; readonly particles: number }[];
  readonly medianMargin: number;
  /** Masks that were made with those of like particles; absent where that was not asked for. */
  readonly combined?: number | undefined;
  /** Of the examples whose class has others: how many these others recognise. Absent when every class has one. */
  readonly exampleAgreement?: ExampleAgreement;
  /** Of the particles, and how it is known. */
  readonly contrast: string;
  /** Of the tomogram, if one was given, and how it is known. */
  readonly voxelSize: string | undefined;
  /** What was assumed or is odd, in sentences. */
  readonly warnings: readonly string[];
}
