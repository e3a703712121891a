import { mcnemarTest } from "./mcnemar.js";

/** Two methods on the same cases. */
export interface PairedComparison {
  /** Accuracy of the second minus that of the first. */
  readonly difference: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided exact McNemar test. It does not cover the choice of the cases' particles and classes. */
  readonly pValue: number;
}

/**
 * Compares two records of the same cases, "1" for a right answer and "0" for a wrong one.
 * @throws ShapeError when the records differ in length.
 */
export function comparePaired(first: string, second: string): PairedComparison {
  const right = (outcomes: string) => Array.from(outcomes, (outcome) => outcome === "1");
  const { onlyFirst, onlySecond, pValue } = mcnemarTest(right(first), right(second));
  return { difference: (onlySecond - onlyFirst) / first.length, onlyFirst, onlySecond, pValue };
}
