import { expect, test } from "vitest";
import { createRandom } from "../volume/index.js";
import { createRowProducts } from "./row-products.js";

const random = createRandom("row products");
const numbers = (length: number) => Float32Array.from({ length }, () => random.normal());

/** Float32 sums of a hundred products of about 1. */
const ROUNDING = 1e-5;

test.each([
  [1, 1],
  [3, 9],
  [17, 7],
  [24, 128],
])("%i rows of %i numbers: all products, and those with the first rows alone", (rows, size) => {
  const [values, vectors] = [numbers(rows * size), numbers(3 * size)];
  const product = (row: number, from: number) =>
    Array.from({ length: size }, (_, j) => values[row * size + j]! * vectors[from + j]!).reduce((a, b) => a + b);
  using all = createRowProducts(values, size);
  for (const count of [undefined, 0, 1, rows - 1]) {
    const found = all.products(vectors, size, count);
    expect(found).toHaveLength(count ?? rows);
    for (const [row, value] of found.entries()) expect(Math.abs(value - product(row, size))).toBeLessThan(ROUNDING);
  }
});

test("the product of two vectors does not depend on those beside them", () => {
  const [values, vector] = [numbers(20 * 128), numbers(128)];
  using all = createRowProducts(values, 128);
  const found = all.products(vector, 0).slice();
  for (const row of [0, 5, 8, 19]) {
    using alone = createRowProducts(values.subarray(row * 128, (row + 1) * 128), 128);
    expect(alone.products(vector, 0)[0]).toBe(found[row]);
  }
  expect(all.products(vector, 0)).toEqual(found);
});
