import type { Measurement } from "../measurement.js";
import type { Spread } from "../spread.js";

/** Fractions; null where there is nothing to divide by. */
export interface PickingFigures {
  readonly detectionPrecision: number | null;
  readonly detectionRecall: number | null;
  readonly detectionF1: number | null;
  /** Mean over the classes that have examples. */
  readonly classF1: number | null;
  /** Fraction of the picks that are of the class that they are named as. */
  readonly namedPrecision: number | null;
  /** Fraction of the particles of classes with examples that were found and named rightly. */
  readonly offeredFound: number | null;
  /** Fraction of the found particles of classes with examples that were named rightly. */
  readonly namedRight: number | null;
  /**
   * Fraction of the particles that candidates hold, picks or not, ranked by the probability of being of any class, down to where 0.9 of
   * them are particles: a cut-off chosen with the truth in hand. Null where classes have no examples.
   */
  readonly foundByProbability: number | null;
  /** The same, ranked by detection score. */
  readonly foundByDetection: number | null;
  /** Detection and mean class F1 of the sphere template of the best radius and cut-off, chosen with the truth in hand. */
  readonly sphereDetectionF1: number | null;
  readonly sphereClassF1: number | null;
}

/** A line of the table. */
export interface PickingRow {
  readonly part: string;
  readonly shots: number;
  readonly figures: Readonly<Record<keyof PickingFigures, Spread | null>>;
}

/** One before it is measured. */
export interface PlannedPickingRow extends Pick<PickingRow, "part" | "shots"> {
  readonly draws: readonly Measurement<PickingFigures>[];
}
