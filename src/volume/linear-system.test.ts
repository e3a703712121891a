import { expect, test } from "vitest";
import { solvePositive } from "./linear-system.js";

test("solves a system whose solution is known, and leaves it as it was", () => {
  const matrix = [
    [4, 2, -1],
    [2, 5, 3],
    [-1, 3, 6],
  ];
  const right = [5, -2, 11];
  const solution = solvePositive(matrix, right);
  for (const [i, row] of matrix.entries())
    expect(row.reduce((sum, value, k) => sum + value * solution[k], 0)).toBeCloseTo(right[i], 10);
  expect(matrix[1]).toEqual([2, 5, 3]);
});
