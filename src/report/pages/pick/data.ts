import type { ReportClass, ReportParticle, RunInformation } from "../../page/data.js";
import type { TomogramSlice } from "../../page/tomogram-slice.js";

/** A slice of a tomogram with the candidates in it. */
export interface PickSlice extends TomogramSlice {
  /**
   * Where the slice cuts the sphere of a candidate, in pixels of the plane from its upper left corner; without a class it was
   * not picked.
   */
  readonly circles: readonly {
    readonly x: number;
    readonly y: number;
    readonly radius: number;
    readonly classIndex: number | undefined;
  }[];
}

/** A tomogram that was searched. */
export interface PickReportTomogram {
  readonly name: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly slices: readonly PickSlice[];
  /** Why there are no slices. */
  readonly withoutSlices?: string | undefined;
}

/** The most similar class of a candidate, with its scores; `accepted`: picked. */
export interface PickScore {
  readonly classIndex: number;
  readonly probability: number;
  readonly similarity: number;
  readonly accepted: boolean;
  /** One of the examples: left out of what is expected of the others. */
  readonly isExample: boolean;
}

/** A candidate that was not picked. */
export interface RejectedCandidate {
  readonly tomogram: string;
  /** In Å and in voxels of the file, as texts "x, y, z". */
  readonly position: string;
  readonly voxel: string;
  readonly nearestClass: string;
  readonly probability: number;
  readonly similarity: number;
  readonly detectionScore: number;
  readonly reason: string;
}

/** All that the page of `cosnet pick` shows. */
export interface PickReportData {
  /** What looks wrong about inputs or result, as it was said on the terminal. */
  readonly warnings: readonly string[];
  /** Candidates of a class whose probability is below the cut-off. */
  readonly lessProbable: { readonly count: number; readonly reason: string };
  /** The classes that were searched for. */
  readonly classes: readonly ReportClass[];
  readonly tomograms: readonly PickReportTomogram[];
  readonly scores: readonly PickScore[];
  /** The best of the candidates that were not picked, and for what reasons how many were not. */
  readonly rejected: {
    readonly best: readonly RejectedCandidate[];
    readonly reasons: readonly (readonly [reason: string, count: number])[];
  };
  readonly cutOffs: readonly {
    readonly cutOff: number;
    readonly kept: number;
    readonly expectedPrecision: number;
    readonly expectedRecall: number;
  }[];
  /** What depends on each example. Undefined fractions: the only example of its class. */
  readonly dependence: readonly {
    readonly source: string;
    readonly classIndex: number;
    readonly changedShare: number | undefined;
    readonly ownSimilarity: number | undefined;
    readonly recognised: boolean | undefined;
  }[];
  readonly gallery: readonly ReportParticle[];
  readonly outputs: readonly (readonly [meaning: string, path: string])[];
  readonly run: RunInformation;
}
