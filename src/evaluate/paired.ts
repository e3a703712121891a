import { mcnemarTest, type PairedTest } from "./mcnemar.js";

/** Two methods on the same cases. The test does not cover the choice of the cases' particles and classes. */
export interface PairedComparison extends PairedTest {
  /** Accuracy of the second minus that of the first. */
  readonly difference: number;
}

/**
 * Compares two records of the same cases, "1" for a right answer and "0" for a wrong one.
 * @throws ShapeError when the records differ in length.
 */
export function comparePaired(first: string, second: string): PairedComparison {
  const right = (outcomes: string) => Array.from(outcomes, (outcome) => outcome === "1");
  const test = mcnemarTest(right(first), right(second));
  return { difference: (test.onlySecond - test.onlyFirst) / first.length, ...test };
}
