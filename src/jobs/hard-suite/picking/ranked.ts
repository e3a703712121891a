/** What the ranking of all candidates would give, picks or not. */
import type { PrecisionRecallPoint } from "../../../evaluate/index.js";
import { type EvaluatePicksOptions, evaluatePicks } from "../../evaluate/index.js";
import type { PickingFigures } from "./rows.js";

/** What people mostly ask of picks. */
const PRECISION = 0.9;

/** Columns of `candidates.star` that candidates are ranked by, and what is found then. */
const RANKINGS = {
  foundByProbability: "cosnetKnownProbability",
  foundByDetection: "cosnetDetectionScore",
} as const satisfies Partial<Record<keyof PickingFigures, string>>;

export type RankedFigures = Record<keyof typeof RANKINGS, number | null>;

/** @throws as `evaluatePicks` does. */
export async function rankedFigures(scoring: Omit<EvaluatePicksOptions, "scoreColumn">): Promise<RankedFigures> {
  const figures: RankedFigures = { foundByProbability: null, foundByDetection: null };
  for (const [figure, scoreColumn] of Object.entries(RANKINGS)) {
    const { scores } = await evaluatePicks({ ...scoring, scoreColumn });
    figures[figure as keyof RankedFigures] = recallAtPrecision(scores.curve, PRECISION); // the table's own
  }
  return figures;
}

/** The highest recall at a cut-off where at least this fraction of the picks is right; 0 where there is none. */
export function recallAtPrecision(
  curve: readonly Pick<PrecisionRecallPoint, "precision" | "recall">[],
  least: number,
): number {
  return curve.reduce((most, { precision, recall }) => (precision >= least ? Math.max(most, recall) : most), 0);
}
