import { ConfigError } from "../../errors.js";
import { DEFAULT_SEED, type JobOptions, type JobResult } from "../../progress.js";
import { type PointGroupName, parsePointGroup } from "../../volume/index.js";

/** What `cosnet average` can be told. */
export interface AverageOptions extends JobOptions {
  /** List of particles of any format: boxes or 2-D stacks of their own, or positions in tomograms. */
  readonly particlesPath: string;
  /** Classes to average, by name or number; default all but those that are called none of the classes. */
  readonly classNames?: readonly string[] | undefined;
  /**
   * What averages begin from: examples as `pick` and `classify` take them (lists with classes, or `CLASS=FILE` with a list, the box
   * of a particle, a structure or a map), or the number of a particle of the list, from 1. Default: the best of a few particles.
   */
  readonly examples?: readonly string[] | undefined;
  /** Tomogram that coordinates refer to, where the list does not name one. */
  readonly tomogramPath?: string | undefined;
  /** Voxels along an edge of the boxes. Default: those of the particles' own boxes; where boxes are cut, 1.6 diameters. */
  readonly boxSize?: number | undefined;
  /** Voxel size of the boxes. Default: the tomogram's or the particles' own. */
  readonly boxVoxelSizeAngstrom?: number | undefined;
  /** Voxel size of the files, believed instead of what they say. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Default: as the list says of each class (`cosnetDiameterAngst`), else 0.6 edges of the box. */
  readonly particleDiameterAngstrom?: number | undefined;
  /** Protein is dark (true) or bright (false) in the files; undefined: as the list says, else as measured. */
  readonly inverted?: boolean | undefined;
  /** Lowest and highest tilt in degrees, believed instead of files and measurement. */
  readonly tiltRangeDegrees?: readonly [number, number] | undefined;
  /** Tilt angles of all tomograms (.mdoc, .tlt, .rawtlt), or a tomograms.star. */
  readonly tiltsPath?: string | undefined;
  /** Boxes are cut from tomograms that were not corrected for contrast transfer: weight them by that of their tilt series. */
  readonly multiplyByCtf?: boolean | undefined;
  /** How far particles may lie from the middle of their boxes. Default: an eighth of the diameter. */
  readonly largestShiftAngstrom?: number | undefined;
  /** Nothing finer is looked at. Default: as far as voxels and halves go. */
  readonly maximumResolutionAngstrom?: number | undefined;
  /** A point group in RELION's frame, such as C1, D7 or O; default "find": the largest that the averages show. */
  readonly symmetry?: string;
  /** More than one splits a class that is several things. */
  readonly references?: number;
  readonly threads?: number | undefined;
}

export type AverageSettings = ReturnType<typeof settingsOf>;

/** The options with every default filled in. @throws ConfigError for values that cannot be meant. */
export function settingsOf({
  references = 1,
  symmetry = "find",
  overwrite = false,
  seed = DEFAULT_SEED,
  command = "average()",
  ...given
}: AverageOptions) {
  const { boxSize } = given;
  if (!Number.isInteger(references) || references < 1)
    throw new ConfigError(`a class cannot be split into ${references} averages`, { hint: "Give 1 or more." });
  if (boxSize !== undefined && !(Number.isInteger(boxSize) && boxSize >= 16))
    throw new ConfigError(`boxes of ${boxSize} voxels are too small to average`, { hint: "Give 16 or more." });
  if (references > 1 && given.examples !== undefined)
    throw new ConfigError("averages of a split class cannot begin from examples", {
      hint: "Give examples, or the number of averages to split a class into.",
    });
  const pointGroup: PointGroupName | "find" = symmetry === "find" ? symmetry : parsePointGroup(symmetry);
  return { ...given, symmetry: pointGroup, references, overwrite, seed, command };
}

/** What came of a class. */
export interface AveragedClass {
  readonly name: string;
  /** Particles of the class in the list. */
  readonly particles: number;
  /** Particles in the average; the others are not like it, or could not be told from noise. */
  readonly used: number;
  /** That the average was given. */
  readonly symmetry: string;
  /** Where the halves' correlation falls to 0.143; undefined where nothing is confirmed. */
  readonly resolutionAngstrom: number | undefined;
  /** Undefined for a class of too few particles. */
  readonly mapPath: string | undefined;
}

/** What `average` wrote. */
export interface AverageResult extends Omit<JobResult, "model"> {
  readonly classes: readonly AveragedClass[];
  /** The list with poses. */
  readonly starPath: string;
  /** Commands that open the result in ChimeraX and go on with it in RELION. */
  readonly commands: readonly string[];
  /** Where the particles' Fourier weights are from. */
  readonly weights: readonly string[];
  readonly warnings: readonly string[];
}
