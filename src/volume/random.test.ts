import { expect, test } from "vitest";
import { createRandom } from "./random.js";

/** The share of a standard normal below x (Abramowitz and Stegun 7.1.26, error below 1.5e-7). */
function normalShare(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = (poly * Math.exp(-z * z)) / 2;
  return x < 0 ? tail : 1 - tail;
}

test.each(["normal", "fillNormal"] as const)("%s gives the normal distribution, tails included", (method) => {
  const random = createRandom(method);
  const count = 400_000;
  const values = new Float64Array(count);
  if (method === "normal") for (let i = 0; i < count; i++) values[i] = random.normal();
  else random.fillNormal(values);
  values.sort();
  // Kolmogorov and Smirnov: the largest gap between the distributions stays below 1.95 / sqrt(n) in 99.9 % of cases.
  let gap = 0;
  for (let i = 0; i < count; i++) gap = Math.max(gap, Math.abs((i + 0.5) / count - normalShare(values[i])));
  expect(gap).toBeLessThan(1.95 / Math.sqrt(count));
  for (const x of [-4, -3.6, -3, 3, 3.6, 4]) {
    const expected = count * normalShare(-Math.abs(x));
    const beyond = values.reduce((sum, value) => sum + Number(x < 0 ? value < x : value > x), 0);
    expect(Math.abs(beyond - expected)).toBeLessThan(4 * Math.sqrt(expected) + 1);
  }
});

test("a stream depends on its seed only, a fork on its seed and keys only", () => {
  const draw = (random: ReturnType<typeof createRandom>) => [random.next(), random.next(), random.normal()];
  expect(draw(createRandom("a"))).toEqual(draw(createRandom("a")));
  expect(draw(createRandom("a"))).not.toEqual(draw(createRandom("b")));
  const used = createRandom("a");
  draw(used);
  expect(draw(used.fork("x", 1))).toEqual(draw(createRandom("a").fork("x", 1)));
  expect(draw(used.fork("x", 1))).not.toEqual(draw(used.fork("x", 2)));
});

test("filling twice is filling once: no deviate is lost between calls", () => {
  const [whole, parts] = [new Float64Array(100), new Float64Array(100)];
  createRandom(1).fillNormal(whole);
  const random = createRandom(1);
  random.fillNormal(parts.subarray(0, 37));
  random.fillNormal(parts.subarray(37));
  expect(parts).toEqual(whole);
});

test("integers, samples, weights and Poisson deviates have the frequencies they should", () => {
  const random = createRandom("counts");
  const count = 30_000;
  const counts = [0, 0, 0, 0];
  let poisson = 0;
  for (let i = 0; i < count; i++) {
    counts[random.weighted([1, 2, 0, 1])]++;
    poisson += random.poisson(6) / count;
  }
  expect(counts[2]).toBe(0);
  expect(Math.abs(counts[1] / count - 0.5)).toBeLessThan(0.012); // four standard errors
  expect(Math.abs(poisson - 6)).toBeLessThan(0.06);
  const sample = random.sample(20, 8);
  expect(new Set(sample).size).toBe(8);
  expect(sample.every((value) => value >= 0 && value < 20)).toBe(true);
});
