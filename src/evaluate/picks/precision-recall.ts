/** The outcome of matching: which picks are right, in descending score, and how many particles there were. */
export interface PickOutcomes {
  /** Descending; empty when the picks have no scores. */
  readonly scores: Float64Array;
  /** 1 where the pick of that rank is a particle. */
  readonly hits: Uint8Array;
  readonly truthCount: number;
}

/** Precision and recall of the picks with at least this score. */
export interface PrecisionRecallPoint {
  readonly cutoff: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** 2 TP / (picks + particles), the harmonic mean of precision and recall; NaN when there is neither. */
export function f1Score(truePositives: number, picks: number, truths: number): number {
  return (2 * truePositives) / (picks + truths);
}

/** Sorts picks into outcomes. `scores` undefined for a list without scores. */
export function pickOutcomes(
  hits: readonly boolean[],
  scores: readonly number[] | undefined,
  truthCount: number,
): PickOutcomes {
  const order = Array.from(hits.keys());
  if (scores) order.sort((a, b) => scores[b] - scores[a] || a - b);
  return {
    scores: scores ? Float64Array.from(order, (index) => scores[index]) : new Float64Array(0),
    hits: Uint8Array.from(order, (index) => (hits[index] ? 1 : 0)),
    truthCount,
  };
}

/** One point for each distinct score, from the highest down. Empty without scores. */
export function precisionRecallCurve({ scores, hits, truthCount }: PickOutcomes): PrecisionRecallPoint[] {
  const points: PrecisionRecallPoint[] = [];
  let truePositives = 0;
  for (let i = 0; i < scores.length; i++) {
    truePositives += hits[i];
    if (i + 1 < scores.length && scores[i + 1] === scores[i]) continue; // no cut-off separates equal scores
    points.push({
      cutoff: scores[i],
      precision: truePositives / (i + 1),
      recall: truePositives / truthCount,
      f1: f1Score(truePositives, i + 1, truthCount),
    });
  }
  return points;
}

/** The point of largest F1. It is chosen with the truth in hand: nobody who picks can do better by choosing a cut-off. */
export function bestPoint(curve: readonly PrecisionRecallPoint[]): PrecisionRecallPoint | undefined {
  return curve.reduce<PrecisionRecallPoint | undefined>(
    (best, point) => (best === undefined || point.f1 > best.f1 ? point : best),
    undefined,
  );
}

/**
 * Average precision: the area under the interpolated precision-recall curve, where the precision at a recall is the best
 * at that recall or any larger (as in PASCAL VOC since 2010: all points, no sampling). NaN without scores or particles.
 * @param weights how often each pick counts (all once when absent) and how many particles there are then; for resampling.
 */
export function averagePrecision(
  { scores, hits, truthCount }: PickOutcomes,
  weights?: { readonly picks: Uint32Array; readonly truthCount: number },
): number {
  const total = weights?.truthCount ?? truthCount;
  if (scores.length === 0 ? hits.length > 0 || total === 0 : total === 0) return Number.NaN;
  let truePositives = 0;
  let picks = 0;
  for (let i = 0; i < scores.length; i++) {
    const weight = weights?.picks[i] ?? 1;
    picks += weight;
    truePositives += weight * hits[i];
  }
  // From the last cut-off up: recall falls, and the best precision so far is that of the interpolated curve.
  let best = 0;
  let area = 0;
  for (let i = scores.length - 1; i >= 0; ) {
    const recallHere = truePositives;
    if (picks > 0) best = Math.max(best, truePositives / picks);
    const score = scores[i];
    for (; i >= 0 && scores[i] === score; i--) {
      const weight = weights?.picks[i] ?? 1;
      picks -= weight;
      truePositives -= weight * hits[i];
    }
    area += (best * (recallHere - truePositives)) / total;
  }
  return area;
}
