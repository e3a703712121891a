import { expect, test } from "vitest";
import { createRandom, type Random } from "../volume/index.js";
import { inProportion } from "./class-proportions.js";

const CLASSES = 6;

/**
 * Probabilities, at equal proportions, of particles whose likelihoods are drawn: of the own class higher on average, and of each class
 * by what its examples add for all particles alike.
 */
function list(counts: readonly number[], random: Random, offsets: readonly number[] = []) {
  return counts.flatMap((count, label) =>
    Array.from({ length: count }, () => {
      const scores = counts.map((_, other) => random.normal() + (other === label ? 2 : 0) + (offsets[other] ?? 0));
      const likelihoods = scores.map((score) => Math.exp(1.5 * score));
      const sum = likelihoods.reduce((total, value) => total + value, 0);
      return { label, probabilities: Float64Array.from(likelihoods, (value) => value / sum) };
    }),
  );
}

function rightOf(particles: ReturnType<typeof list>, probabilities: readonly Float64Array[]): number {
  const isRight = (row: Float64Array, label: number) => row.indexOf(Math.max(...row)) === label;
  return particles.filter(({ label }, i) => isRight(probabilities[i]!, label)).length / particles.length;
}

const evenProbabilities = (particles: ReturnType<typeof list>) => particles.map(({ probabilities }) => probabilities);
const random = createRandom("proportions of a list");

test("a list of one class is named better as it shows itself that it is", () => {
  const particles = list([0, 60, 0, 0, 0, 0], random.fork("one"));
  const even = evenProbabilities(particles);
  expect(rightOf(particles, even)).toBeLessThan(0.85);
  expect(rightOf(particles, inProportion(even))).toBeGreaterThan(0.95);
});

test("rare classes among frequent ones are still found", () => {
  const particles = list([300, 6, 0, 0, 0, 6], random.fork("rare"));
  const even = evenProbabilities(particles);
  const named = inProportion(even);
  expect(rightOf(particles, named)).toBeGreaterThan(rightOf(particles, even) + 0.05);
  const rare = particles.flatMap(({ label }, i) => (label === 0 ? [] : [i]));
  expect(
    rightOf(
      rare.map((i) => particles[i]!),
      rare.map((i) => named[i]!),
    ),
  ).toBeGreaterThan(0.4);
});

test("even lists are named as before, also where noisy examples make some classes likelier for all", () => {
  for (const offsets of [[], [0.4, -0.4, 0, 0.2, -0.3, 0]]) {
    const particles = list(new Array<number>(CLASSES).fill(40), random.fork("even", offsets.length), offsets);
    const even = evenProbabilities(particles);
    expect(rightOf(particles, inProportion(even))).toBeGreaterThan(rightOf(particles, even) - 0.01);
  }
});

test("rows remain probabilities, of no particle there are none, and one particle says little of the list", () => {
  const particles = list([10, 10, 0, 0, 0, 0], random.fork("sums"));
  for (const row of inProportion(evenProbabilities(particles)))
    expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
  expect(inProportion([])).toEqual([]);
  const [one] = inProportion([Float64Array.of(0.6, 0.3, 0.1)]);
  expect(one![0]).toBeGreaterThan(0.6);
  expect(one![0]).toBeLessThan(0.65);
});
