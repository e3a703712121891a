import { describe, expect, test } from "vitest";
import { createRandom } from "../volume/index.js";
import { runEpisodes } from "./index.js";

/** Similarities of `perClass` particles in each of `classes` classes by a rule on (query, support). */
function table(classes: number, perClass: number, rule: (query: number, support: number) => number) {
  const n = classes * perClass;
  const labels = Int32Array.from({ length: n }, (_, i) => Math.floor(i / perClass));
  const similarity = Float32Array.from({ length: n * n }, (_, i) => rule(Math.floor(i / n), i % n));
  return { labels, similarity };
}

describe("runEpisodes", () => {
  test("a perfect similarity is always right, and confusion counts every episode", () => {
    const data = table(5, 4, (q, s) => (Math.floor(q / 4) === Math.floor(s / 4) ? 1 : 0));
    const result = runEpisodes({ ...data, way: 4, shot: 3, episodes: 500, random: createRandom(1) });
    expect(result.accuracy).toBe(1);
    expect(result.confusion.reduce((a, b) => a + b)).toBe(500);
    const diagonal = [0, 1, 2, 3, 4].map((i) => result.confusion[i * 6]);
    expect(diagonal.reduce((a, b) => a + b)).toBe(500);
    expect(Math.min(...diagonal)).toBeGreaterThan(60); // every class is queried about 100 times
  });

  test("the query is never its own support", () => {
    const data = table(4, 2, (q, s) => (q === s ? 100 : Math.floor(q / 2) === Math.floor(s / 2) ? -1 : 0));
    const result = runEpisodes({ ...data, way: 2, shot: 1, episodes: 300, random: createRandom(2) });
    expect(result.accuracy).toBe(0);
  });

  test("rows are queries and columns supports", () => {
    // particle 0 looks like everything as a support, but only column by column
    const data = table(2, 2, (_, s) => (s < 2 ? 1 : 0));
    const { confusion } = runEpisodes({ ...data, way: 2, shot: 1, episodes: 200, random: createRandom(3) });
    expect([confusion[1], confusion[3]]).toEqual([0, 0]);
    expect(confusion[0] + confusion[2]).toBe(200);
  });

  test("ties are broken evenly", () => {
    const data = table(6, 3, () => 0.25);
    const { accuracy, ci95 } = runEpisodes({ ...data, way: 4, shot: 2, episodes: 4000, random: createRandom(4) });
    expect(Math.abs(accuracy - 0.25)).toBeLessThan(0.028); // 4 standard deviations
    expect(ci95[0] < accuracy && accuracy < ci95[1]).toBe(true);
  });

  test("the same stream poses the same episodes to any similarities, also where one of them ties", () => {
    const noise = createRandom(8);
    const tied = table(4, 5, () => 0.5);
    const noisy = table(4, 5, () => noise.next());
    const truths = ({ labels, similarity }: typeof tied) => {
      const { confusion, outcomes, accuracy } = runEpisodes({
        similarity,
        labels,
        way: 3,
        shot: 2,
        episodes: 300,
        random: createRandom(9),
      });
      expect(outcomes.reduce((sum, right) => sum + right, 0)).toBe(300 * accuracy);
      return [0, 1, 2, 3].map((row) => confusion.subarray(4 * row, 4 * row + 4).reduce((a, b) => a + b));
    };
    expect(truths(tied)).toEqual(truths(noisy));
  });

  test("more shots average the noise away", () => {
    const random = createRandom(5);
    const data = table(6, 12, (q, s) => (Math.floor(q / 12) === Math.floor(s / 12) ? 1 : 0) + 1.2 * random.normal());
    const accuracy = (shot: number) =>
      runEpisodes({ ...data, way: 6, shot, episodes: 2000, random: createRandom(6) }).accuracy;
    expect(accuracy(5)).toBeGreaterThan(accuracy(1) + 0.1);
  });

  test("the same seed gives the same result, another seed another one", () => {
    const noise = createRandom(7);
    const data = table(5, 6, () => noise.next());
    const run = (seed: number) =>
      [...runEpisodes({ ...data, way: 3, shot: 2, episodes: 200, random: createRandom(seed) }).confusion].join();
    expect(run(1)).toBe(run(1));
    expect(run(1)).not.toBe(run(2));
  });

  test("says what is missing for the task", () => {
    const data = table(3, 2, () => 0);
    const run = (way: number, shot: number) => () =>
      runEpisodes({ ...data, way, shot, episodes: 1, random: createRandom(1) });
    expect(run(4, 1)).toThrow("4-way 1-shot episodes need 4 classes of at least 2 particles; there are 3");
    expect(run(2, 2)).toThrow("need 2 classes of at least 3 particles; there are 0");
    expect(run(1, 1)).toThrow("not a task");
    expect(() =>
      runEpisodes({ ...data, similarity: new Float32Array(5), way: 2, shot: 1, episodes: 1, random: createRandom(1) }),
    ).toThrow("6 labels need a similarity matrix of 36 values, got 5");
  });
});

test("a second comparison counts by what it has beyond chance", () => {
  const random = createRandom("second");
  const labels = Int32Array.from({ length: 40 }, (_, i) => i % 4);
  const n = labels.length;
  // Every support has a level of its own, far larger than what its class adds: only beyond chance does the class show.
  const level = labels.map(() => 100 * random.next());
  const correlation = new Float32Array(n * n);
  for (let query = 0; query < n; query++)
    for (let support = 0; support < n; support++)
      correlation[query * n + support] = 0.1 * level[support] + Number(labels[query] === labels[support]);
  const options = { similarity: new Float32Array(n * n), labels, way: 3, shot: 2, episodes: 300 };
  const accuracy = (weight: number) =>
    runEpisodes({ ...options, second: { correlation, weight }, random: createRandom("episodes") }).accuracy;
  expect(accuracy(1)).toBe(1);
  expect(accuracy(0)).toBeLessThan(0.5);
});
