import type { TomogramOptions } from "../../files/particles/index.js";
import type { ParticleFormat } from "../../io/index.js";
import type { Progress } from "../../progress.js";
import type { Vector3 } from "../../volume/index.js";

/** How `filterParticles` and `mergeParticles` read and write lists. */
export interface ListToListOptions
  extends Progress,
    Pick<TomogramOptions, "tomogram" | "tomograms" | "sizeVoxels" | "voxelSizeAngstrom"> {
  /** Read the lists as this format (default: by content and name). */
  readonly from?: ParticleFormat | undefined;
  /** What to write (default: the input's format where the endings are alike, else what the output's name asks for). */
  readonly to?: ParticleFormat | undefined;
  /** What written coordinates in voxels count in (default: the input's). */
  readonly outputVoxelSizeAngstrom?: number | undefined;
  /** Leave out orientations, scores or classes that the format has no room for. */
  readonly lossy?: boolean;
}

/** Which particles `filterParticles` keeps: those that pass all that is given, in the order of these fields. */
export interface FilterOptions extends ListToListOptions {
  /** Of these tomograms, by their own names ("TS_01"). */
  readonly onlyTomograms?: readonly string[] | undefined;
  /** Of these classes, by name or number. */
  readonly classes?: readonly string[] | undefined;
  /** Of none of these classes. */
  readonly exceptClasses?: readonly string[] | undefined;
  /** With at least this score. */
  readonly minimumScore?: number | undefined;
  /** With at least this probability (column `cosnetProbability`). */
  readonly minimumProbability?: number | undefined;
  /** Column that is the score, without the underscore (default: the list's own score). */
  readonly scoreColumn?: string | undefined;
  /** From the first corner to the second, both included, in voxels of the tomogram from its first. */
  readonly regionVoxels?: Region | undefined;
  /** The same in Angstrom. */
  readonly regionAngstrom?: Region | undefined;
  /** Where a volume is at least 0.5: one for each tomogram of the list. */
  readonly maskPaths?: readonly string[] | undefined;
  /** Voxel size of the masks, believed instead of their headers'. */
  readonly maskVoxelSizeAngstrom?: number | undefined;
  /** Outside of region and mask instead of inside. */
  readonly outside?: boolean;
  /** At least this far from every face of the tomogram. */
  readonly borderAngstrom?: number | undefined;
  /** Of two in a tomogram that are nearer to each other than this, the one of lower score goes, of equals the later. */
  readonly minimumDistanceAngstrom?: number | undefined;
  /** Only particles of one class are too near to each other. */
  readonly withinClass?: boolean;
  /** The best this many of each class. */
  readonly topOfClass?: number | undefined;
}

/** Two corners of a box. */
export type Region = readonly [from: Vector3, to: Vector3];
