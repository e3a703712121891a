import { join, resolve } from "node:path";
import { ConfigError } from "../../errors.js";
import type { StatedVoxelSize } from "../../files/tomogram/index.js";
import { DEFAULT_SEED, type JobOptions } from "../../progress.js";
import type { ImagingOptions } from "../../simulate/index.js";
import { type NetworkOptions, type SearchOptions, searchSettings, tomogramNames } from "../search/index.js";

/** Tomograms, examples, and what counts as a pick. */
export interface PickOptions extends JobOptions, SearchOptions, NetworkOptions {
  readonly tomogramPaths: readonly string[];
  /** What lists call the tomograms, in their order; by default what their files' names say ("TS_01" of rec_TS_01.mrc). */
  readonly tomogramNames?: readonly string[] | undefined;
  /** What a list of the tomograms says of their voxels, in their order: believed before headers, where they differ with a warning. */
  readonly tomogramVoxelSizes?: readonly (StatedVoxelSize | undefined)[] | undefined;
  /** Particle lists of any format, or `CLASS=FILE` with a list, the box of a particle, a structure or a map. */
  readonly examples: readonly string[];
  /** Lists of particles of none of the classes that are looked for. */
  readonly negatives?: readonly string[] | undefined;
  /** The tomogram of lists that name none. */
  readonly examplesTomogramPath?: string | undefined;
  /** Protein is dark (true) or bright (false) where the examples are, if that is not as in the tomograms; undefined: find out. */
  readonly examplesInverted?: boolean | undefined;
  /**
   * Lists of particles of any format, each of which is identified in place of what a search of the tomograms would find: a
   * candidate whatever is near it.
   */
  readonly particles?: readonly string[] | undefined;
  /** Every particle is of one of the classes: no "none". */
  readonly closedSet?: boolean;
  /** Look also where the detector finds no particle, for what looks like the examples that lie in the tomogram; default true. */
  readonly searchByExamples?: boolean;
  /** Compare candidates with examples orientation by orientation, too, where several classes are offered; default true. */
  readonly compareOrientations?: boolean;
  /** Classes that are filaments, along which picks are spaced, and classes that are not; of the others the examples decide. */
  readonly filaments?: readonly string[] | undefined;
  readonly notFilaments?: readonly string[] | undefined;
  /** Least distance of picks along a filament; default: 6 voxels of the search, 60 Å at 10 Å, and no less. */
  readonly filamentSpacingAngstrom?: number | undefined;
  /** Let the classes learn from the candidates that are given to them. */
  readonly learn?: boolean;
  /**
   * Lowest probability of a pick's class; below it a candidate is listed, but not picked. A cut-off that is given decides alone; 0
   * picks all that is most similar to one of the classes. Default: a candidate is picked where it is more probable that it is of
   * one of the classes than of none; at the border, where a part of the particle is missing, its probability is one half at least.
   */
  readonly cutOff?: number;
  /** Write the mask of every pick. */
  readonly masks?: boolean;
  /** Maximum tilt angle, underfocus and contrast transfer under which structures, maps and other complexes are imaged. */
  readonly imaging?: Partial<ImagingOptions>;
  /** Write report.html, most of the time of a search whose work is known; default true. Without it `reportPath` names no file. */
  readonly report?: boolean;
  /** Keep the work of the search when all is done, so that another run starts from it. */
  readonly keepWork?: boolean;
  /** Where the work of the search is, which several runs may share; default: in the output folder. */
  readonly workRoot?: string | undefined;
  /** Write the candidates' embeddings, in the order of candidates.star (NumPy). */
  readonly embeddings?: boolean;
}

export type PickSettings = ReturnType<typeof pickSettings>;

/** The options with every default filled in. @throws ConfigError naming the option that cannot be used. */
export function pickSettings({
  negatives = [],
  closedSet = false,
  searchByExamples = true,
  filaments = [],
  notFilaments = [],
  compareOrientations = true,
  learn = true,
  masks = false,
  embeddings = false,
  report = true,
  imaging = {},
  overwrite = false,
  keepWork = false,
  seed = DEFAULT_SEED,
  command = "pick()",
  ...given
}: PickOptions) {
  const { tomogramPaths, examples, detectionThreshold, outputFolder, cutOff } = given;
  if (tomogramPaths.length === 0) throw new ConfigError("no tomogram is given", { hint: "Name one or more." });
  if (new Set(tomogramPaths).size < tomogramPaths.length)
    throw new ConfigError("a tomogram is given twice", { hint: "Name each once." });
  tomogramNames(tomogramPaths, { tomogramNames: given.tomogramNames }); // before the work, not after it
  if (examples.length === 0)
    throw new ConfigError("no examples are given", {
      hint: "Give a list of examples with --examples LIST, or a list, box, structure or map of one class with --examples CLASS=FILE.",
    });
  const search = searchSettings(given);
  refuseSearching(given, { filaments, notFilaments });
  if (cutOff !== undefined && !(cutOff >= 0 && cutOff <= 1))
    throw new ConfigError(`a cut-off of ${cutOff} is not a probability`);
  const { filamentSpacingAngstrom } = given;
  if (filamentSpacingAngstrom !== undefined && !(filamentSpacingAngstrom > 0 && filamentSpacingAngstrom <= 10_000))
    throw new ConfigError(`picks ${filamentSpacingAngstrom} Å apart along a filament are impossible`, {
      hint: "Give up to 10000 Å.",
    });
  if (detectionThreshold !== undefined && !(detectionThreshold > 0 && detectionThreshold < 1))
    throw new ConfigError(`a detection threshold of ${detectionThreshold} is impossible`, {
      hint: "Give a number between 0 and 1.",
    });
  return {
    ...{
      ...given,
      ...search,
      negatives,
      closedSet,
      searchByExamples: searchByExamples && given.particles === undefined,
      filaments,
      notFilaments,
      filamentSpacingAngstrom,
      compareOrientations,
      learn,
      masks,
      embeddings,
      report,
      imaging,
      overwrite,
      keepWork,
      seed,
      command,
    },
    /** What a stopped run left, from which the next continues. */
    workRoot: given.workRoot ?? join(resolve(outputFolder), ".pick-work"),
  };
}

/** @throws ConfigError for what says how to search, where nothing is searched. */
function refuseSearching(
  { particles, maskPath, detectionThreshold, borderAngstrom, spacing, filamentSpacingAngstrom }: PickOptions,
  { filaments, notFilaments }: Required<Pick<PickOptions, "filaments" | "notFilaments">>,
): void {
  if (particles === undefined) return;
  if (particles.length === 0)
    throw new ConfigError("no list of particles is given", {
      hint: "Give one with --particles LIST, or leave it out.",
    });
  const said = Object.entries({
    ...{ "--mask": maskPath, "--detection-threshold": detectionThreshold, "--border": borderAngstrom },
    ...{ "--spacing": spacing, "--filament-spacing": filamentSpacingAngstrom },
    "--filament": filaments?.[0],
    "--not-filament": notFilaments?.[0],
  }).find(([, value]) => value !== undefined);
  if (said)
    throw new ConfigError(
      `${said[0]} says how to search, and the particles of --particles are identified without a search`,
      {
        hint: "Leave one of them out; cosnet filter leaves particles of a list out by place, spacing or mask.",
      },
    );
}
