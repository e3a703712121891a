/** What to expect when only candidates from some probability on are kept. */
export interface CutOffRow {
  readonly cutOff: number;
  readonly kept: number;
  /** Mean probability of those kept: the fraction that should be right, if the probabilities are. */
  readonly expectedPrecision: number;
  /** Probability kept over all probability: the fraction of the findable particles that is kept. */
  readonly expectedRecall: number;
}

/** Expected precision and recall at cut-offs, from the candidates' own probabilities. */
export function cutOffTable(
  probabilities: readonly number[],
  cutOffs: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95],
): CutOffRow[] {
  const total = probabilities.reduce((sum, p) => sum + p, 0);
  return cutOffs.map((cutOff) => {
    const kept = probabilities.filter((p) => p >= cutOff);
    const sum = kept.reduce((partial, p) => partial + p, 0);
    return {
      cutOff,
      kept: kept.length,
      expectedPrecision: kept.length > 0 ? sum / kept.length : Number.NaN,
      expectedRecall: total > 0 ? sum / total : Number.NaN,
    };
  });
}
