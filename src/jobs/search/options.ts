import { ConfigError } from "../../errors.js";
import type { Progress } from "../../progress.js";
import type { FoundSoFar } from "./found.js";
import type { SearchMemory } from "./memory.js";
import { checkParticleDiameter } from "./scale.js";

/** How tomograms are searched for candidates, before anything has a class. */
export interface SearchOptions extends Progress {
  /** Voxel size of all tomograms and lists, believed instead of what they state. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Diameter of the particles where it is far from 200 Å: the tomograms are searched at voxels of a twentieth of it. */
  readonly particleDiameterAngstrom?: number | undefined;
  /** Protein is dark (true) or bright (false) in all tomograms; undefined: find out. */
  readonly inverted?: boolean | undefined;
  /** Least distance of two centres, in sums of their radii. */
  readonly spacing?: number;
  /** Centres nearer to a face of the tomogram are left out. */
  readonly borderAngstrom?: number;
  /** Volume whose voxels above 0.5 say where to look. */
  readonly maskPath?: string | undefined;
  /** Leave out candidates that are as dense as gold. */
  readonly excludeGold?: boolean;
  /** Average embeddings and masks over the four 180° rotations that keep the missing wedge: four times the cost. */
  readonly testTimeAveraging?: boolean;
  /** Cut each box again around the centroid of the mask that the network predicts. */
  readonly recentre?: boolean;
  /** Rotate to the tilt geometry that the networks know and low-pass filter excess noise, as measured on each input; default true. */
  readonly adapt?: boolean;
  /** Of a process that searches the same tomograms again, with other examples. */
  readonly memory?: SearchMemory | undefined;
  /** Told all that is known of a tomogram's particles so far, as it becomes more: twice a second while tiles are searched. */
  readonly onFound?: ((found: FoundSoFar) => void) | undefined;
}

export type SearchSettings = ReturnType<typeof searchSettings>;

/** The options with every default filled in. @throws ConfigError naming the option that cannot be used. */
export function searchSettings({
  spacing = 0.6,
  borderAngstrom = 0,
  excludeGold = true,
  testTimeAveraging = false,
  recentre = false,
  adapt = true,
  ...given
}: SearchOptions) {
  if (!(spacing >= 0 && spacing <= 2))
    throw new ConfigError(`a spacing of ${spacing} is impossible`, { hint: "Give 0 to 2 times the sum of the radii." });
  checkParticleDiameter(given);
  if (!(borderAngstrom >= 0)) throw new ConfigError(`a border of ${borderAngstrom} Å is impossible`);
  return { ...given, spacing, borderAngstrom, excludeGold, testTimeAveraging, recentre, adapt };
}
