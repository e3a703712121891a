import type { Volume } from "../../volume/index.js";

/** A box cut around one particle, and where the molecule in it is (0 to 1 per voxel; inside above 0.5). */
export interface ReportBox {
  readonly volume: Volume;
  readonly mask?: ArrayLike<number> | undefined;
}

export interface ReportClass {
  readonly name: string;
  /** A few words under the name, such as "640 kDa, 14 nm across". */
  readonly description?: string | undefined;
  /** The given examples. */
  readonly supports: readonly ReportBox[];
  /** What the molecule really looks like, where that is known; shown as a surface at `level`. */
  readonly shape?: { readonly volume: Volume; readonly level: number } | undefined;
}

export interface ReportParticle {
  /** A file name or running number that the reader can find again. */
  readonly name: string;
  readonly box: ReportBox;
  /** Index into the classes; undefined when nobody knows. */
  readonly trueClass?: number | undefined;
  readonly predictedClass: number;
  /** How probable the predicted class is among the classes offered, 0 to 1. */
  readonly probability: number;
  /** Probability of the predicted class minus that of the second best: 0 is a tie. */
  readonly margin: number;
  /** Overlap of the mask with the true one, where that is known. */
  readonly dice?: number | undefined;
}

/** What a reader needs to trust the result and to repeat it. */
export interface RunInformation {
  /** The command as it was typed. */
  readonly command: string;
  readonly seed: number;
  readonly version: string;
  /** Name of the model and what identifies it, such as a checksum. */
  readonly model: string;
  readonly durationSeconds: number;
  /** Further facts, e.g. ["voxel size", "10 Å"]. */
  readonly facts?: readonly (readonly [label: string, value: string])[];
}
