import { join, resolve } from "node:path";
import { ConfigError } from "../../errors.js";
import { DEFAULT_SEED } from "../../progress.js";
import type { ImagingOptions } from "../../simulate/index.js";
import { type NetworkOptions, type SearchOptions, searchDefaults, searchSettings } from "../search/index.js";

/** Tomograms, examples, and what counts as a pick. */
export interface PickOptions extends SearchOptions, NetworkOptions {
  readonly tomogramPaths: readonly string[];
  /** Particle lists of any format, or `NAME=FILE` with a structure or map. */
  readonly examples: readonly string[];
  /** Lists of particles that are of no class that is looked for. */
  readonly negatives?: readonly string[] | undefined;
  /** The tomogram of lists that name none. */
  readonly examplesTomogramPath?: string | undefined;
  readonly outputFolder: string;
  /** Every particle is of one of the classes: no "none". */
  readonly closedSet?: boolean;
  /** Let the classes learn from the candidates that are given to them. */
  readonly learn?: boolean;
  /** Lowest probability of a pick; below it a candidate is listed, but not picked. */
  readonly cutOff?: number;
  /** Write the outline of every pick. */
  readonly masks?: boolean;
  /** Highest tilt, underfocus and contrast transfer under which structures, maps and other complexes are imaged. */
  readonly imaging?: Partial<ImagingOptions>;
  readonly overwrite?: boolean;
  /** Keep what is needed to go on, also when done. */
  readonly keepWork?: boolean;
  readonly seed?: number;
  readonly command?: string;
  /** Told in a sentence what is odd, but does not stop the job. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

const pickDefaults = {
  ...searchDefaults,
  closedSet: false,
  learn: true,
  cutOff: 0,
  masks: false,
  seed: DEFAULT_SEED,
} as const;

/** The options with nothing left open: where a value may be undefined, that is an answer. */
export interface PickSettings extends Required<PickOptions> {
  readonly negatives: readonly string[];
  /** In the output folder: what a stopped run left, from which the next goes on. */
  readonly workRoot: string;
}

/** @throws ConfigError naming the option that cannot be used. */
export function pickSettings(options: PickOptions): PickSettings {
  const { tomogramPaths, examples, examplesTomogramPath, outputFolder, onWarning } = options;
  const { modelPath, detector, detectionThreshold, threads } = options;
  const { negatives = [], imaging = {}, command = "pick()", overwrite = false, keepWork = false } = options;
  const {
    closedSet = pickDefaults.closedSet,
    learn = pickDefaults.learn,
    cutOff = pickDefaults.cutOff,
    masks = pickDefaults.masks,
    seed = pickDefaults.seed,
  } = options;
  if (tomogramPaths.length === 0) throw new ConfigError("no tomogram is given", { hint: "Name one or more." });
  if (new Set(tomogramPaths).size < tomogramPaths.length)
    throw new ConfigError("a tomogram is given twice", { hint: "Name each once." });
  if (examples.length === 0)
    throw new ConfigError("no examples are given", {
      hint: "Give a list of examples with --examples LIST, or a structure with --examples NAME=FILE.",
    });
  const search = searchSettings(options);
  if (!(cutOff >= 0 && cutOff <= 1)) throw new ConfigError(`a cut-off of ${cutOff} is no probability`);
  if (detectionThreshold !== undefined && !(detectionThreshold > 0 && detectionThreshold < 1))
    throw new ConfigError(`a detection threshold of ${detectionThreshold} is impossible`, {
      hint: "Give a number between 0 and 1.",
    });
  return {
    ...search,
    ...{ tomogramPaths, examples, examplesTomogramPath, outputFolder, onWarning },
    workRoot: join(resolve(outputFolder), ".pick-work"),
    ...{ modelPath, detector, detectionThreshold, threads },
    ...{ negatives, imaging, command, overwrite, keepWork },
    ...{ closedSet, learn, cutOff, masks, seed },
  };
}
