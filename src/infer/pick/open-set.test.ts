import { expect, test } from "vitest";
import { createRandom, type Random } from "../../volume/index.js";
import { drawOpenSet, fitOdds, knownProbability, weighBank, withKnownShare } from "./open-set.js";

const SIZE = 16;

/** Unit vectors around random directions: `spread` 0 is one point a complex. */
function bankOf(complexes: number, perClass: number, spread: number, random: Random) {
  const rows: number[] = [];
  for (let c = 0; c < complexes; c++) {
    const direction = Array.from({ length: SIZE }, () => random.normal());
    for (let i = 0; i < perClass; i++) {
      const own = direction.map((value) => value + spread * random.normal());
      const length = Math.hypot(...own);
      rows.push(...own.map((value) => value / length));
    }
  }
  return { embeddings: Float32Array.from(rows), size: SIZE, perClass };
}

test("particles of offered classes are more alike than others, and more so with more examples", () => {
  const bank = bankOf(20, 8, 0.8, createRandom("bank"));
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const one = drawOpenSet(bank, { classCount: 3, shots: 1, random: createRandom(1) });
  const five = drawOpenSet(bank, { classCount: 3, shots: 5, random: createRandom(1) });
  expect(mean(one.known)).toBeGreaterThan(mean(one.unknown) + 0.1);
  expect(mean(five.known) - mean(five.unknown)).toBeGreaterThan(mean(one.known) - mean(one.unknown));
});

test("the probability rises with similarity, and the share of known candidates is about right", () => {
  const bank = bankOf(30, 8, 0.5, createRandom("bank"));
  const sample = drawOpenSet(bank, { classCount: 4, shots: 2, random: createRandom(2) });
  for (const share of [0.2, 0.8]) {
    const random = createRandom(share);
    const similarities = Array.from({ length: 2000 }, () =>
      random.pick([...(random.next() < share ? sample.known : sample.unknown)]),
    );
    const model = withKnownShare(fitOdds(sample), similarities);
    expect(model.slope).toBeGreaterThan(0);
    expect(Math.abs(model.knownShare - share)).toBeLessThan(0.15);
    expect(knownProbability(model, 0.95)).toBeGreaterThan(0.9);
    expect(knownProbability(model, 0)).toBeLessThan(0.1);
  }
});

test("a similarity that says nothing leaves the odds even", () => {
  const random = createRandom("noise");
  const draw = () => Float64Array.from({ length: 1000 }, () => random.uniform(-0.2, 0.9));
  const model = withKnownShare(fitOdds({ known: draw(), unknown: draw() }), draw());
  expect(model.slope).toBeLessThan(0.3);
  expect(model.knownShare).toBeCloseTo(0.5, 1);
});

test("complexes that the candidates are like weigh more", () => {
  const bank = bankOf(5, 2, 0, createRandom("bank"));
  const like = bank.embeddings.slice(3 * 2 * SIZE, 3 * 2 * SIZE + SIZE);
  const weighed = weighBank(bank, { embeddings: Float32Array.from([...like, ...like]), size: SIZE });
  expect(weighed.weights).toEqual([1, 1, 1, 3, 1]);
});
