import type { Volume } from "../../volume/index.js";

/** A box around one particle, and the mask of the molecule in it (0 to 1 per voxel; inside above 0.5). */
export interface ReportBox {
  readonly volume: Volume;
  readonly mask?: ArrayLike<number> | undefined;
}

/** A class that particles are sorted into. */
export interface ReportClass {
  readonly name: string;
  /** A few words under the name, such as "640 kDa, 14 nm across". */
  readonly description?: string | undefined;
  readonly examples: readonly ReportBox[];
  /** The true shape where it is known, shown as a surface at `level`. */
  readonly shape?: { readonly volume: Volume; readonly level: number } | undefined;
}

/** A particle with its class and scores. */
export interface ReportParticle {
  /** A file name or running number that the reader can find again. */
  readonly name: string;
  readonly box: ReportBox;
  /** Index into the classes; undefined without ground truth. */
  readonly trueClass?: number | undefined;
  readonly predictedClass: number;
  /** Of the predicted class among the classes offered, 0 to 1. */
  readonly probability: number;
  /** Probability of the predicted class minus that of the second best; 0 is a tie. */
  readonly margin: number;
  /** Overlap of the mask with the true one, where it is known. */
  readonly dice?: number | undefined;
}

/** What a reader needs to trust the result and to repeat it. */
export interface RunInformation {
  /** The command as it was typed. */
  readonly command: string;
  readonly seed: number;
  readonly version: string;
  /** Name of the model and its checksum. */
  readonly model: string;
  readonly durationSeconds: number;
  /** Further facts, e.g. ["voxel size", "10 Å"]. */
  readonly facts?: readonly (readonly [label: string, value: string])[];
}
