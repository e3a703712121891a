import { ConfigError } from "../../errors.js";
import type { ImagingOptions } from "../../simulate/index.js";
import { checkParticleDiameter, type SearchOptions, searchDefaults } from "../search/index.js";

export interface PickOptions extends SearchOptions {
  readonly tomogramPaths: readonly string[];
  /** Particle lists of any format, or `NAME=FILE` with a structure or map. */
  readonly supports: readonly string[];
  /** Lists of particles that are of no class that is looked for. */
  readonly negatives?: readonly string[] | undefined;
  /** The tomogram of lists that name none. */
  readonly supportTomogramPath?: string | undefined;
  readonly outputFolder: string;
  /** Classifier instead of the one that ships with cosnet. */
  readonly modelPath?: string | undefined;
  /** `blob`, or a detector's file instead of the one that ships with cosnet. */
  readonly detector?: string | undefined;
  /** Lowest score of a candidate; undefined: what the detector's description says. */
  readonly detectionThreshold?: number | undefined;
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
  readonly threads?: number | undefined;
  readonly overwrite?: boolean;
  /** Keep what is needed to go on, also when done. */
  readonly keepWork?: boolean;
  readonly seed?: number;
  readonly command?: string;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** What a run is settled by, besides its inputs: goes into picks.json. */
export const pickDefaults = {
  ...searchDefaults,
  closedSet: false,
  learn: true,
  cutOff: 0,
  masks: false,
  seed: 7,
} as const;

/** @throws ConfigError naming the option that cannot be used. */
export function checkPickOptions(options: PickOptions): void {
  const { tomogramPaths, supports, spacing = 1, borderAngstrom = 0, cutOff = 0, detectionThreshold = 0.5 } = options;
  if (tomogramPaths.length === 0) throw new ConfigError("no tomogram is given", { hint: "Name one or more." });
  if (new Set(tomogramPaths).size < tomogramPaths.length)
    throw new ConfigError("a tomogram is given twice", { hint: "Name each once." });
  if (supports.length === 0)
    throw new ConfigError("no examples are given", {
      hint: "Give a list of examples with --supports LIST, or a structure with --supports NAME=FILE.",
    });
  if (!(spacing >= 0 && spacing <= 2))
    throw new ConfigError(`a spacing of ${spacing} is impossible`, { hint: "Give 0 to 2 times the sum of the radii." });
  checkParticleDiameter(options);
  if (!(borderAngstrom >= 0)) throw new ConfigError(`a border of ${borderAngstrom} Å is impossible`);
  if (!(cutOff >= 0 && cutOff <= 1)) throw new ConfigError(`a cut-off of ${cutOff} is no probability`);
  if (!(detectionThreshold > 0 && detectionThreshold < 1))
    throw new ConfigError(`a detection threshold of ${detectionThreshold} is impossible`, {
      hint: "Give a number between 0 and 1.",
    });
}
