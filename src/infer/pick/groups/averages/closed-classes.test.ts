import { expect, test } from "vitest";
import { closedClasses } from "./closed-classes.js";

/** Known where the similarity is high. */
const openSet = { intercept: -3, slope: 5, knownShare: 0.5 };

/** Candidates of the first of two classes as the open set has it, `held` of `given` in a group that it owns, and one of neither class. */
function closed(held: number, given: number, { isShown = true, shared = false } = {}): boolean[] {
  const similarities = new Float32Array(2 * (given + 1));
  const shares = new Float32Array(2 * (given + 1));
  for (let row = 0; row < given; row++) similarities.set([0.95, 0.1], 2 * row);
  for (let row = 0; row < held; row++) shares.set(shared ? [0.5, 0.5] : [1, 0], 2 * row);
  const untold = Float32Array.from({ length: given + 1 }, (_, row) => (row < held ? 0 : 1));
  similarities.set([-0.9, -0.9], 2 * given);
  return closedClasses({ shares, untold, isShown: [isShown, false] }, similarities, openSet);
}

test("a class is closed when its groups hold a third of what the open set has as of it", () => {
  expect(closed(3, 9)).toEqual([true, false]);
  expect(closed(2, 9)).toEqual([false, false]);
});

test("a class whose groups are of other things stays open, and one without a group", () => {
  expect(closed(0, 4)).toEqual([false, false]);
  expect(closed(9, 9, { isShown: false })).toEqual([false, false]);
});

test("a group that two classes share counts for both", () => {
  expect(closed(6, 9, { shared: true })).toEqual([true, false]);
});
