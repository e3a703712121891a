/** Whether probabilities mean what they say. */

/** Answers whose probabilities are alike. */
export interface ReliabilityBin {
  /** Bounds of the probabilities: more than `from`, at most `to`. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly meanProbability: number;
  readonly fractionRight: number;
}

/** Probabilities of answers held against how many of them are right. */
export interface CalibrationScore {
  readonly count: number;
  readonly meanProbability: number;
  readonly fractionRight: number;
  /**
   * Expected calibration error (Naeini, Cooper and Hauskrecht 2015): mean over the answers of the difference, within their
   * bin, between mean probability and fraction right. 0 where probabilities mean what they say; NaN without answers.
   */
  readonly expectedError: number;
  /** Those that hold answers, lowest first. */
  readonly bins: readonly ReliabilityBin[];
}

const BINS = 10;

/** @param isRight of each answer, whether it was right. */
export function calibrationScore(probabilities: ArrayLike<number>, isRight: ArrayLike<boolean>): CalibrationScore {
  const sums = Array.from({ length: BINS }, () => ({ count: 0, probability: 0, right: 0 }));
  for (let i = 0; i < probabilities.length; i++) {
    const bin = sums[Math.max(0, Math.min(BINS - 1, Math.ceil(probabilities[i] * BINS) - 1))];
    bin.count++;
    bin.probability += probabilities[i];
    bin.right += isRight[i] ? 1 : 0;
  }
  const count = probabilities.length;
  const total = (of: "probability" | "right") => sums.reduce((sum, bin) => sum + bin[of], 0) / count;
  return {
    count,
    meanProbability: total("probability"),
    fractionRight: total("right"),
    expectedError:
      count > 0 ? sums.reduce((sum, bin) => sum + Math.abs(bin.probability - bin.right), 0) / count : Number.NaN,
    bins: sums.flatMap(({ count, probability, right }, bin) =>
      count === 0
        ? []
        : [
            {
              from: bin / BINS,
              to: (bin + 1) / BINS,
              count,
              meanProbability: probability / count,
              fractionRight: right / count,
            },
          ],
    ),
  };
}
