import { ShapeError } from "../errors.js";

/** Counts of (true class, predicted class) pairs: `counts[truth * n + predicted]` with n = classNames.length. */
export interface ConfusionMatrix {
  readonly classNames: readonly string[];
  readonly counts: Int32Array;
}

/**
 * Tabulates class indices into `classNames`.
 * @throws ShapeError when the lists differ in length or an index lies outside `classNames`.
 */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classNames: readonly string[],
): ConfusionMatrix {
  if (truth.length !== predicted.length)
    throw new ShapeError(`${truth.length} true classes do not match ${predicted.length} predicted classes`);
  const n = classNames.length;
  const counts = new Int32Array(n * n);
  for (let i = 0; i < truth.length; i++) {
    const row = truth[i];
    const column = predicted[i];
    if (!(row >= 0 && row < n && column >= 0 && column < n))
      throw new ShapeError(`particle ${i} has classes (${row}, ${column}); there are ${n} classes`);
    counts[row * n + column]++;
  }
  return { classNames, counts };
}

interface ClassScore {
  readonly name: string;
  /** Particles that truly belong to the class. */
  readonly count: number;
  readonly correct: number;
  /** correct / count; NaN for a class without particles. */
  readonly recall: number;
  /** correct / particles given this class; NaN when none was. */
  readonly precision: number;
}

export interface ConfusionSummary {
  readonly total: number;
  readonly correct: number;
  /** correct / total; NaN when empty. */
  readonly accuracy: number;
  readonly classes: readonly ClassScore[];
}

export function summariseConfusion({ classNames, counts }: ConfusionMatrix): ConfusionSummary {
  const n = classNames.length;
  let total = 0;
  let correct = 0;
  const classes = classNames.map((name, index): ClassScore => {
    let count = 0;
    let assigned = 0;
    for (let other = 0; other < n; other++) {
      count += counts[index * n + other];
      assigned += counts[other * n + index];
    }
    const hits = counts[index * n + index];
    total += count;
    correct += hits;
    return { name, count, correct: hits, recall: hits / count, precision: hits / assigned };
  });
  return { total, correct, accuracy: correct / total, classes };
}
