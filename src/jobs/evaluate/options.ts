import type { Progress } from "../../progress.js";

export interface EvaluatePicksOptions extends Progress {
  /** The list to score. */
  readonly picksPath: string;
  /** The truth: a list, or several where each tomogram has its own. */
  readonly truthPaths: readonly string[];
  /** `report.html` and `evaluation.json` go here; nothing is written without it. */
  readonly outputFolder?: string | undefined;
  /** Tomograms, one for each of the truth, for the sphere baseline. */
  readonly tomogramPaths?: readonly string[] | undefined;
  /**
   * Label volumes, one for each tomogram, for the particles' sizes and the contest's scorer; found by themselves where
   * `cosnet simulate tomogram` put them.
   */
  readonly occupancyPaths?: readonly string[] | undefined;
  /** Largest distance of a pick from its particle; default half of the particle's diameter. */
  readonly distanceAngstrom?: number | undefined;
  /** The particles' diameter, for all classes. */
  readonly diameterAngstrom?: number | undefined;
  /** What coordinates in voxels count in, and the voxel size of the volumes. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** RELION's tomograms.star, for lists that count from the tomogram's centre. */
  readonly tomogramsPath?: string | undefined;
  /** Column that holds the score, without the underscore. */
  readonly scoreColumn?: string | undefined;
  /** Names of one class in picks and truth where they differ, the picks' first. */
  readonly sameClasses?: readonly (readonly [pickName: string, trueName: string])[] | undefined;
  /** True particles of these classes need not be found, and finding them is no mistake. */
  readonly ignoredClasses?: readonly string[] | undefined;
  /** Protein is dark in the tomograms; found out by itself when absent. */
  readonly inverted?: boolean | undefined;
  readonly seed?: number | undefined;
  readonly command?: string | undefined;
  /** Told in a sentence what is odd, but does not stop the job. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}
