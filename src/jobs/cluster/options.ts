import { ConfigError } from "../../errors.js";
import { clusterDefaults } from "../../infer/index.js";
import { DEFAULT_SEED } from "../../progress.js";
import type { NetworkOptions, SearchOptions } from "../search/index.js";

/** What `cluster` groups, and how finely. */
export interface ClusterOptions
  extends NetworkOptions,
    Pick<SearchOptions, "voxelSizeAngstrom" | "testTimeAveraging" | "onProgress" | "signal"> {
  /** Tomograms to search for candidates, or one STAR list of particles. */
  readonly inputPaths: readonly string[];
  readonly outputFolder: string;
  /** The tomogram of a list that names none. */
  readonly tomogramPath?: string | undefined;
  /** Protein is dark; undefined: bright in the files of a list, found out in tomograms. */
  readonly inverted?: boolean | undefined;
  /** Higher gives more and smaller clusters. */
  readonly resolution?: number;
  /** Smaller groups are no clusters. */
  readonly minimumSize?: number;
  /** Lists of what is really there, to compare the clusters with. */
  readonly truthPaths?: readonly string[] | undefined;
  /** A particle this near to a true one is it. */
  readonly distanceAngstrom?: number;
  readonly overwrite?: boolean;
  readonly seed?: number;
  readonly command?: string;
  /** Told in a sentence what is odd, but does not stop the job. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

export const clusterOptionDefaults = {
  resolution: clusterDefaults.resolution,
  minimumSize: clusterDefaults.minimumSize,
  distanceAngstrom: 50,
  seed: DEFAULT_SEED,
} as const;

/** @throws ConfigError naming the option that cannot be used. */
export function checkClusterOptions({ inputPaths, resolution = 1, minimumSize = 5 }: ClusterOptions): void {
  if (inputPaths.length === 0)
    throw new ConfigError("there is nothing to cluster", { hint: "Name a tomogram or a list." });
  if (inputPaths.length > 1 && inputPaths.some(isList))
    throw new ConfigError("give tomograms, or one particle list", { hint: "Join lists into one first." });
  if (!(resolution > 0 && resolution <= 100)) throw new ConfigError(`a resolution of ${resolution} is impossible`);
  if (!(Number.isInteger(minimumSize) && minimumSize > 0))
    throw new ConfigError(`clusters of at least ${minimumSize} particles are impossible`);
}

/** Whether an input is a particle list; everything else is a tomogram. */
export function isList(path: string): boolean {
  return /\.star(\.gz)?$/i.test(path);
}
