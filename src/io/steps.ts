/** Long work in steps, so that whoever drives it can stop it between two of them. */

/** Work of some milliseconds a step. */
export type Steps<Result> = Generator<void, Result, void>;

/** Rows of a long list that make a step. */
export const ROWS_A_STEP = 4096;

/** The result of steps that are done one right after the other. @throws what a step throws. */
export function allAtOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** As `Array.from`: what `make` gives for each row, from 0. */
export function* eachRow<Value>(count: number, make: (row: number) => Value): Steps<Value[]> {
  const values: Value[] = [];
  for (let row = 0; row < count; row++) {
    if (row % ROWS_A_STEP === ROWS_A_STEP - 1) yield;
    values.push(make(row));
  }
  return values;
}
