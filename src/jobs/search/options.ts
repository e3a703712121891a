import { ConfigError } from "../../errors.js";
import type { Progress } from "../../progress.js";
import { checkParticleDiameter } from "./scale.js";

/** How tomograms are searched for candidates, before anything has a class. */
export interface SearchOptions extends Progress {
  /** Voxel size of all tomograms, believed instead of their headers'. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Diameter of the particles where it is far from 200 Å: the tomograms are searched at voxels of a twentieth of it. */
  readonly particleDiameterAngstrom?: number | undefined;
  /** Protein is dark (true) or bright (false) in all tomograms; undefined: find out. */
  readonly inverted?: boolean | undefined;
  /** Least distance of two centres, in sums of their radii. */
  readonly spacing?: number;
  /** Centres nearer to a face of the tomogram are left out. */
  readonly borderAngstrom?: number;
  /** A volume that is above 0.5 where to look. */
  readonly maskPath?: string | undefined;
  /** Leave out candidates that are as dense as gold. */
  readonly excludeGold?: boolean;
  /** Average over the four half turns that leave the missing wedge as it is. */
  readonly testTimeAveraging?: boolean;
  /** Cut each box again around the centroid of the mask that the network draws. */
  readonly recentre?: boolean;
  /** Turn to the tilt geometry the networks know, and damp excess noise at fine detail, as measured on each tomogram. */
  readonly adapt?: boolean;
}

export const searchDefaults = {
  spacing: 0.6,
  borderAngstrom: 0,
  excludeGold: true,
  testTimeAveraging: false,
  recentre: false,
  adapt: true,
} as const satisfies SearchOptions;

/** The options with nothing left open: where a value may be undefined, that is an answer. */
export type SearchSettings = Required<SearchOptions>;

/** @throws ConfigError naming the option that cannot be used. */
export function searchSettings(options: SearchOptions): SearchSettings {
  const { voxelSizeAngstrom, particleDiameterAngstrom, inverted, maskPath, onProgress, signal } = options;
  const {
    spacing = searchDefaults.spacing,
    borderAngstrom = searchDefaults.borderAngstrom,
    excludeGold = searchDefaults.excludeGold,
    testTimeAveraging = searchDefaults.testTimeAveraging,
    recentre = searchDefaults.recentre,
    adapt = searchDefaults.adapt,
  } = options;
  if (!(spacing >= 0 && spacing <= 2))
    throw new ConfigError(`a spacing of ${spacing} is impossible`, { hint: "Give 0 to 2 times the sum of the radii." });
  checkParticleDiameter(options);
  if (!(borderAngstrom >= 0)) throw new ConfigError(`a border of ${borderAngstrom} Å is impossible`);
  return {
    ...{ voxelSizeAngstrom, particleDiameterAngstrom, inverted, maskPath, onProgress, signal },
    ...{ spacing, borderAngstrom, excludeGold, testTimeAveraging, recentre, adapt },
  };
}
