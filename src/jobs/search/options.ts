import type { Progress } from "../../progress.js";

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
} as const satisfies Partial<SearchOptions>;
