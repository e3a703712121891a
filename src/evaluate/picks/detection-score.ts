import { type Interval, wilsonInterval } from "../intervals.js";
import { f1Interval } from "./bootstrap.js";
import type { PickMatch } from "./match.js";
import type { PickedParticle } from "./particles.js";
import {
  averagePrecision,
  bestPoint,
  f1Score,
  type PickOutcomes,
  type PrecisionRecallPoint,
  pickOutcomes,
  precisionRecallCurve,
} from "./precision-recall.js";

/** How well one set of picks finds one set of particles. */
export interface DetectionScore {
  readonly truths: number;
  readonly picks: number;
  readonly truePositives: number;
  /** Fraction of the picks that are particles; NaN without picks. */
  readonly precision: number;
  readonly precisionCi95: Interval;
  /** Fraction of the particles that were picked; NaN without particles. */
  readonly recall: number;
  readonly recallCi95: Interval;
  readonly f1: number;
  readonly f1Ci95: Interval;
  /** NaN when the picks have no scores. */
  readonly averagePrecision: number;
  readonly averagePrecisionCi95: Interval;
  /** At the cut-off of largest F1, chosen with the truth in hand; absent without scores. */
  readonly best?: PrecisionRecallPoint | undefined;
}

/** The interval of what is not known. */
export const UNKNOWN: Interval = [Number.NaN, Number.NaN];

/** The outcomes of matched picks; without `hasScores` they stay in the order of the list. */
export function outcomesOf(
  picks: readonly PickedParticle[],
  { truthOfPick }: Pick<PickMatch, "truthOfPick">,
  truthCount: number,
  hasScores: boolean,
): PickOutcomes {
  const hits = Array.from(truthOfPick, (truth) => truth >= 0);
  return pickOutcomes(hits, hasScores ? picks.map(({ score = Number.NaN }) => score) : undefined, truthCount);
}

/** The score of one set of outcomes; average precision's interval comes from a bootstrap. */
export function detectionScore(outcomes: PickOutcomes, averagePrecisionCi95: Interval = UNKNOWN): DetectionScore {
  const picks = outcomes.hits.length;
  const truths = outcomes.truthCount;
  const truePositives = outcomes.hits.reduce((sum, hit) => sum + hit, 0);
  const area = averagePrecision(outcomes);
  const best = bestPoint(precisionRecallCurve(outcomes));
  return {
    truths,
    picks,
    truePositives,
    precision: truePositives / picks,
    precisionCi95: wilsonInterval(truePositives, picks),
    recall: truePositives / truths,
    recallCi95: wilsonInterval(truePositives, truths),
    f1: f1Score(truePositives, picks, truths),
    f1Ci95: f1Interval(truePositives, picks, truths),
    averagePrecision: area,
    averagePrecisionCi95: Number.isFinite(area) ? averagePrecisionCi95 : UNKNOWN,
    ...(best && { best }),
  };
}
