import { expect, test } from "vitest";
import { op } from "../../src/graph/index.js";
import { createRandom } from "../../src/volume/index.js";
import { runGraph, targets } from "./run-graph.js";

const [ROWS, INNER, COLUMNS, GROUP] = [5, 300, 7, 3];

test.each(targets)("the largest integer product of a group is exact, %s", async (target) => {
  const random = createRandom(4);
  const whole = (count: number, largest: number) =>
    Int8Array.from({ length: count }, (_, i) => (i % 11 === 0 ? largest : random.integer(2 * largest + 1) - largest));
  const [a, b] = [whole(ROWS * INNER, 127), whole(INNER * GROUP * COLUMNS, 63)];
  a.fill(-127, 0, INNER); // sums of the largest products there are
  const expected = Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    const [row, column] = [Math.floor(at / COLUMNS), at % COLUMNS];
    const products = Array.from({ length: GROUP }, (_, member) => {
      let sum = 0;
      for (let k = 0; k < INNER; k++) sum += a[row * INNER + k]! * b[(k * GROUP + member) * COLUMNS + column]!;
      return sum;
    });
    return Math.max(...products);
  });
  const product = op.largestIntegerProduct(
    op.input("a", [ROWS, INNER], "uint8"),
    op.input("b", [INNER, GROUP, COLUMNS], "int8"),
  );
  const inputs = {
    a: { data: Uint8Array.from(a, (value) => value + 128), shape: [ROWS, INNER] },
    b: { data: b, shape: [INNER, GROUP, COLUMNS] },
  };
  const { product: found } = await runGraph({ product }, inputs, { target });
  expect([...found!.data]).toEqual(expected);
});
