import { ConfigError } from "../../errors.js";
import { clusterDefaults } from "../../infer/index.js";
import { DEFAULT_SEED, type JobOptions } from "../../progress.js";
import type { NetworkOptions, SearchOptions } from "../search/index.js";

/** What `cluster` groups, and how finely. */
export interface ClusterOptions
  extends JobOptions,
    NetworkOptions,
    Pick<SearchOptions, "voxelSizeAngstrom" | "testTimeAveraging"> {
  /** Tomograms to search for candidates, or one STAR list of particles. */
  readonly inputPaths: readonly string[];
  /** The tomogram of a list that names none. */
  readonly tomogramPath?: string | undefined;
  /** Protein is dark (true) or bright (false); undefined: as a list says, else as measured. */
  readonly inverted?: boolean | undefined;
  /** Turn like particles onto each other, too, and join those that fit; default true. */
  readonly compareOrientations?: boolean;
  /** Higher gives more and smaller clusters. */
  readonly resolution?: number;
  /** Smaller groups are no clusters. */
  readonly minimumSize?: number;
  /** Lists of the ground truth, to compare the clusters with. */
  readonly truthPaths?: readonly string[] | undefined;
  /** A particle this near to one of the ground truth is that particle. */
  readonly distanceAngstrom?: number;
}

export type ClusterSettings = ReturnType<typeof clusterSettings>;

/** The options with every default filled in. @throws ConfigError naming the option that cannot be used. */
export function clusterSettings({
  resolution = clusterDefaults.resolution,
  minimumSize = clusterDefaults.minimumSize,
  truthPaths = [],
  distanceAngstrom = 50,
  testTimeAveraging = false,
  compareOrientations = true,
  overwrite = false,
  seed = DEFAULT_SEED,
  command = "cluster()",
  ...given
}: ClusterOptions) {
  const { inputPaths } = given;
  if (inputPaths.length === 0)
    throw new ConfigError("there is nothing to cluster", { hint: "Name a tomogram or a list." });
  if (inputPaths.length > 1 && inputPaths.some(isList))
    throw new ConfigError("give tomograms, or one particle list", { hint: "Join lists into one first." });
  if (!(resolution > 0 && resolution <= 100)) throw new ConfigError(`a resolution of ${resolution} is impossible`);
  if (!(Number.isInteger(minimumSize) && minimumSize > 0))
    throw new ConfigError(`clusters of at least ${minimumSize} particles are impossible`);
  const results = { overwrite, seed, command };
  const grouping = { resolution, minimumSize, testTimeAveraging, compareOrientations };
  return { ...given, ...grouping, truthPaths, distanceAngstrom, ...results };
}

/** Whether an input is a particle list, by its name; everything else is a tomogram. */
export function isList(path: string): boolean {
  return /\.(star|csv|tsv|tbl|coords|cbox|json|ndjson|xml|mod|pts|point|txt)(\.gz)?$/i.test(path);
}
