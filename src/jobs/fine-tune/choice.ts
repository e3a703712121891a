import type { ValidationScores } from "../training/index.js";
import type { HeldOutScores } from "./score.js";

/** The model after a number of steps. */
export interface FineTuneEntry {
  readonly step: number;
  /** Mean classification loss of the steps since the entry before; absent at the start. */
  readonly classificationLoss?: number;
  /** On the user's particles that were held out; absent when none were. */
  readonly heldOut?: HeldOutScores;
  /** On complexes that are not the user's: what has been forgotten shows here. */
  readonly others: ValidationScores;
}

/** A step that costs other complexes more of their mean score than this is not taken, however good on the user's own. */
const FORGETTING_ALLOWED = 0.02;

/**
 * Whether an entry is to be taken rather than the best so far: it has forgotten little, and held-out particles are less of a
 * surprise to it. Without held-out particles the latest is the best.
 */
export function isBetter(entry: FineTuneEntry, best: FineTuneEntry, start: FineTuneEntry): boolean {
  if (entry.others.score < start.others.score - FORGETTING_ALLOWED) return false;
  return !entry.heldOut || !best.heldOut || entry.heldOut.logLoss < best.heldOut.logLoss;
}

/** The entry to be taken; the first is the start. */
export function bestOf(history: readonly FineTuneEntry[]): FineTuneEntry {
  return history.reduce((best, entry, _, [start = best]) => (isBetter(entry, best, start) ? entry : best));
}
