import type { Measurement } from "../measurement.js";
import type { Spread } from "../spread.js";

/** A figure of a set of measured data. */
export interface MeasuredRow {
  readonly set: string;
  /** What was counted. */
  readonly figure: string;
  readonly spread: Spread | null;
}

/** A set before it is measured. */
export interface PlannedMeasuredSet {
  readonly set: string;
  /** What each figure of a draw is, in words. */
  readonly figures: Readonly<Record<string, string>>;
  readonly draws: readonly Measurement<Readonly<Record<string, number | null>>>[];
}
