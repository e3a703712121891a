import type { StepFiles } from "../../files/disk/index.js";
import type { JobOptions } from "../../progress.js";

export interface HardSuiteOptions extends JobOptions {
  /** Folders of structures and maps: the classes of the simulated parts. */
  readonly structureFolders: readonly string[];
  /**
   * Folder that holds `simulated/labelled_tomograms`, `real/microtubules`, `real/ribosomes_10499` with `structures`, and
   * `real/EMD-1155_HIV1_tomogram.ccp4`; parts whose files are not there are named as not run.
   */
  readonly dataFolder?: string | undefined;
  readonly modelPath?: string | undefined;
  readonly threads?: number | undefined;
}

/** What every measurement is given. */
export interface PartSettings extends HardSuiteOptions {
  readonly seed: number;
  readonly onWarning: (warning: string) => void;
  /** Finished measurements, of this run or an earlier one. */
  readonly steps: StepFiles;
  /** Names and checksums of the networks, and the complexes: what every measurement follows from. */
  readonly origin: object;
}

/** How often examples are drawn anew. */
export const DRAWS = [1, 2, 3] as const;
