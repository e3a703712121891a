import { expect, test } from "vitest";
import { axisFilter, type Taps } from "./axis-filter.js";

/** What a window of three cells costs; and where a Gaussian that is summed directly ends. */
const WINDOW_TOLERANCE = 0.02;
const END_TOLERANCE = 0.005;

function matrix(taps: readonly Taps[], columns: number): number[][] {
  return taps.map(({ first, weights }) => Array.from({ length: columns }, (_, i) => weights[i - first] ?? 0));
}

function product(one: readonly number[][], other: readonly number[][]): number[][] {
  return one.map((row) => other[0].map((_, j) => row.reduce((sum, value, k) => sum + value * other[k][j], 0)));
}

test.each([
  [32, 3],
  [136, 3],
  [12, 2.5],
  [10, 6],
  [5, 40],
  [40, 1.7],
  [9, 1.2],
  [3, 100],
  [1, 2],
])("%i voxels, a width of %f: to cells, among cells and back is a Gaussian", (voxels, sigma) => {
  const { cells, toCells, blur, fromCells } = axisFilter(voxels, sigma);
  const among = matrix(blur, cells);
  const all = toCells ? product(product(matrix(fromCells!, cells), among), matrix(toCells, voxels)) : among;
  for (let i = 0; i < voxels; i++)
    for (let j = 0; j < voxels; j++) {
      const error = Math.abs(all[i][j] - Math.exp(-(((i - j) / sigma) ** 2) / 2));
      expect(error).toBeLessThan(toCells ? WINDOW_TOLERANCE : END_TOLERANCE);
    }
});
