import { ShapeError } from "../errors.js";

/** Two classifiers on the same cases: how often only one of them was right, and how likely that is by chance. */
export interface PairedTest {
  /** Cases only the first method got right. */
  readonly onlyFirst: number;
  /** Cases only the second method got right. */
  readonly onlySecond: number;
  /** Two-sided exact p-value of "both methods are equally good". */
  readonly pValue: number;
}

/**
 * McNemar's exact paired test of two methods on the same cases: given the cases where they disagree, each is as likely to
 * win as the other (binomial with p = 1/2; Q. McNemar, Psychometrika 12, 1947).
 * @throws ShapeError when the lists differ in length.
 */
export function mcnemarTest(firstCorrect: readonly boolean[], secondCorrect: readonly boolean[]): PairedTest {
  if (firstCorrect.length !== secondCorrect.length)
    throw new ShapeError(`a paired test needs the same cases, got ${firstCorrect.length} and ${secondCorrect.length}`);
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let i = 0; i < firstCorrect.length; i++) {
    if (firstCorrect[i] === secondCorrect[i]) continue;
    if (firstCorrect[i]) onlyFirst++;
    else onlySecond++;
  }
  const n = onlyFirst + onlySecond;
  // log of C(n, k) / 2^n, built up term by term; summed over the smaller tail and doubled
  let logTerm = -n * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= Math.min(onlyFirst, onlySecond); k++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((n - k) / (k + 1));
  }
  return { onlyFirst, onlySecond, pValue: Math.min(1, 2 * tail) };
}
