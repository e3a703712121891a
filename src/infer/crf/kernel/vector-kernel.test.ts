import { expect, test } from "vitest";
import { createRandom } from "../../../volume/index.js";
import { createArena } from "./arena.js";

const random = createRandom(5);

/** Rows of random numbers in the arena, at their indices. */
function arenaWith(...rows: readonly (readonly number[])[]) {
  const arena = createArena();
  const places = rows.map((row) => arena.allocate(row.length));
  for (const [i, row] of rows.entries()) arena.floats().set(row, places[i]);
  return {
    arena,
    places,
    at: (i: number, length: number) => [...arena.floats().slice(places[i], places[i] + length)],
  };
}

test("differences: tanh of half the log odds, its change, and the odds to begin the next sum with", () => {
  const odds = Array.from({ length: 400 }, (_, i) => (i - 200) / 10); // beyond the limit of 16, too
  const [unary, own, before] = [0, 1, 2].map(() => odds.map(() => random.uniform(-1, 1))) as [
    number[],
    number[],
    number[],
  ];
  const { arena, places, at } = arenaWith(odds, unary, own, before, [0, 0, 0, 0]);
  const [o, u, w, d, c] = places.map((place) => 4 * place) as [number, number, number, number, number];
  arena.kernel.differences(o, o + 4 * 400, u, w, d, c);
  const now = odds.map((value) => Math.tanh(Math.max(-16, Math.min(16, value)) / 2));
  for (let i = 0; i < 400; i++) {
    expect(at(3, 400)[i]).toBeCloseTo(now[i], 5);
    expect(at(0, 400)[i]).toBeCloseTo(unary[i] - own[i] * now[i], 5);
  }
  expect(Math.max(...at(4, 4))).toBeCloseTo(Math.max(...now.map((value, i) => Math.abs(value - before[i]))), 5);
});

test("logRatio: the logarithm of a ratio of probabilities, none below a millionth", () => {
  const one = Array.from({ length: 200 }, (_, i) => (i < 100 ? random.next() : 10 ** (-i / 20)));
  const other = one.map((value, i) => (i % 3 === 0 ? 0 : 1 - value));
  const { arena, places, at } = arenaWith(one, other, new Array<number>(200).fill(0));
  const [a, b, target] = places.map((place) => 4 * place) as [number, number, number];
  arena.kernel.logRatio(target, target + 4 * 200, a, b);
  const least = (value: number) => Math.max(1e-6, value);
  for (const [i, value] of at(2, 200).entries()) {
    const exact = Math.log(least(one[i]) / least(other[i]));
    expect(Math.abs(value - exact)).toBeLessThan(1e-6 * (1 + Math.abs(exact)));
  }
});

test.each([4, 8, 12, 16, 20, 44])("sumRows: weighted sums of rows of %i floats, block by block", (row) => {
  const [sources, blocks] = [5, 3];
  const values = Array.from({ length: sources * blocks * row }, () => random.normal());
  const taps = [
    { first: 0, weights: [2] },
    { first: 1, weights: [0.5, -1, 3] },
  ];
  const { arena, places, at } = arenaWith(values, new Array<number>(2 * blocks * row).fill(7), [2, 0.5, -1, 3]);
  const [source, target, weights] = places.map((place) => 4 * place) as [number, number, number];
  const steps = arena.allocate(6);
  const integers = [0, weights, weights + 4, 4 * row, weights + 4, weights + 16];
  new Int32Array(arena.floats().buffer, 4 * steps, 6).set(integers);
  const end = target + 4 * 2 * blocks * row;
  arena.kernel.sumRows(target, end, source, 4 * sources * row, 4 * steps, 4 * (steps + 6), 4 * row);
  for (const [i, value] of at(1, 2 * blocks * row).entries()) {
    const [block, { first, weights }, x] = [Math.floor(i / (2 * row)), taps[Math.floor(i / row) % 2], i % row];
    const exact = weights.reduce((sum, w, k) => sum + w * values[(block * sources + first + k) * row + x], 0);
    expect(value).toBeCloseTo(exact, 4);
  }
});
