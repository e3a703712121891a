import { expect, test } from "vitest";
import { recallAtPrecision } from "./ranked.js";

test("a ranking counts down to where it still holds the precision, past where it did not for a while", () => {
  const curve = [
    { precision: 1, recall: 0.2 },
    { precision: 0.8, recall: 0.3 },
    { precision: 0.9, recall: 0.6 },
    { precision: 0.89, recall: 0.7 },
  ];
  expect(recallAtPrecision(curve, 0.9)).toBe(0.6);
  expect(recallAtPrecision(curve.slice(1, 2), 0.9)).toBe(0);
});
