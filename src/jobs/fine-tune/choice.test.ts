import { expect, test } from "vitest";
import { type FineTuneEntry, isBetter } from "./choice.js";
import type { HeldOutScores } from "./score.js";

const entry = (step: number, logLoss: number | undefined, score: number): FineTuneEntry => ({
  step,
  others: { score },
  ...(logLoss !== undefined && { heldOut: { logLoss } as HeldOutScores }),
});
const start = entry(0, 1.5, 0.9);

test("a step is taken for a lower loss on the user's particles, unless it forgets others", () => {
  expect(isBetter(entry(25, 1.2, 0.89), start, start)).toBe(true);
  expect(isBetter(entry(25, 1.6, 0.95), start, start)).toBe(false);
  expect(isBetter(entry(25, 0.2, 0.87), start, start)).toBe(false);
  // What counts as forgotten is measured from the start, not from the best so far.
  expect(isBetter(entry(50, 1.0, 0.885), entry(25, 1.2, 0.91), start)).toBe(true);
});

test("without held-out particles the latest step is taken, unless it forgets others", () => {
  const blind = entry(0, undefined, 0.9);
  expect(isBetter(entry(25, undefined, 0.89), blind, blind)).toBe(true);
  expect(isBetter(entry(25, undefined, 0.8), blind, blind)).toBe(false);
});
