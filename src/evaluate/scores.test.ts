import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../volume/index.js";
import {
  bootstrapMeanInterval,
  confusionMatrix,
  dice,
  mcnemarTest,
  meanInterval,
  summariseConfusion,
  wilsonInterval,
} from "./index.js";

describe("dice", () => {
  test("counts the overlap of any non-zero voxels", () => {
    expect(dice([1, 1, 0, 0], [0, 2, 3, 0])).toBe(0.5);
    expect(dice([0, 0], [0, 0])).toBe(1);
    expect(dice([1, 0], [0, 1])).toBe(0);
  });
  test("refuses masks of different length", () => {
    expect(() => dice([1], [1, 0])).toThrow("got 1 and 2 voxels");
  });
  test("is symmetric, within [0, 1], and 1 only for the same mask", () => {
    const mask = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(mask, mask, (a, b) => {
        const score = dice(a, b);
        expect(score).toBe(dice(b, a));
        expect(score === 1).toBe(a.join() === b.join());
        expect(score >= 0 && score <= 1).toBe(true);
      }),
    );
  });
});

describe("confusion matrix", () => {
  test("rows are true classes, columns predicted ones", () => {
    const matrix = confusionMatrix([0, 0, 1, 2], [0, 1, 1, 1], ["a", "b", "c"]);
    expect([...matrix.counts]).toEqual([1, 1, 0, 0, 1, 0, 0, 1, 0]);
    const summary = summariseConfusion(matrix);
    expect(summary).toMatchObject({ total: 4, correct: 2, accuracy: 0.5 });
    expect(summary.classes[1]).toEqual({ name: "b", count: 1, correct: 1, recall: 1, precision: 1 / 3 });
    expect(summary.classes[2].precision).toBeNaN();
  });
  test("refuses a class outside the names, with its numbers", () => {
    expect(() => confusionMatrix([0], [3], ["a", "b"])).toThrow("particle 0 has classes (0, 3); there are 2 classes");
  });
});

describe("intervals", () => {
  test("Wilson agrees with published values", () => {
    // R 4.3: binom::binom.confint(8, 10, methods = "wilson"), and 0 of 10
    expect(wilsonInterval(8, 10)[0]).toBeCloseTo(0.4901625, 6);
    expect(wilsonInterval(8, 10)[1]).toBeCloseTo(0.9433178, 6);
    expect(wilsonInterval(0, 10)).toEqual([0, expect.closeTo(0.2775328, 6)]);
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  });
  test("Wilson holds the proportion and stays inside [0, 1]", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, fraction) => {
        const successes = Math.round(trials * fraction);
        const [low, high] = wilsonInterval(successes, trials);
        expect(low >= 0 && low <= successes / trials && successes / trials <= high && high <= 1).toBe(true);
      }),
    );
  });
  test("the mean's interval uses Student's t", () => {
    // t(0.975, 4) = 2.776445, standard error of 1..5 = sqrt(2.5 / 5)
    const { mean, ci95, n } = meanInterval([1, 2, 3, 4, 5]);
    expect([mean, n]).toEqual([3, 5]);
    expect(ci95[1] - 3).toBeCloseTo(2.776445 * Math.sqrt(0.5), 2);
    expect(meanInterval([7]).ci95).toEqual([-Infinity, Infinity]);
    expect(meanInterval([]).mean).toBeNaN();
  });
  test("the bootstrap covers the true mean about 95 times in 100", () => {
    const random = createRandom(5);
    let covered = 0;
    for (let trial = 0; trial < 300; trial++) {
      const values = Array.from({ length: 40 }, () => random.next());
      const { ci95 } = bootstrapMeanInterval(values, { random, resamples: 400 });
      if (ci95[0] <= 0.5 && 0.5 <= ci95[1]) covered++;
    }
    expect(covered).toBeGreaterThan(270);
    expect(covered).toBeLessThan(297);
  });
});

describe("McNemar's test", () => {
  const cases = (both: number, first: number, second: number) =>
    [
      [...Array(both).fill(true), ...Array(first).fill(true), ...Array(second).fill(false)],
      [...Array(both).fill(true), ...Array(first).fill(false), ...Array(second).fill(true)],
    ] as const;
  test("gives the exact two-sided binomial probability", () => {
    // 2 * (C(12,0) + C(12,1) + C(12,2)) / 2^12
    expect(mcnemarTest(...cases(50, 10, 2))).toEqual({
      onlyFirst: 10,
      onlySecond: 2,
      pValue: expect.closeTo(158 / 4096, 12),
    });
    expect(mcnemarTest(...cases(50, 0, 0)).pValue).toBe(1);
    expect(mcnemarTest(...cases(50, 6, 6)).pValue).toBe(1);
  });
  test("does not underflow for many cases", () => {
    const { pValue } = mcnemarTest(...cases(0, 1600, 1400));
    expect(pValue).toBeGreaterThan(1e-4);
    expect(pValue).toBeLessThan(1e-3);
  });
});
