import fc from "fast-check";
import { expect, test } from "vitest";
import { wilsonInterval } from "../index.js";
import { f1Interval } from "./bootstrap.js";
import { averagePrecision, bestPoint, f1Score, pickOutcomes, precisionRecallCurve } from "./precision-recall.js";

const outcomes = (hits: string, truthCount: number, scores = Array.from(hits, (_, i) => -i)) =>
  pickOutcomes(
    Array.from(hits, (c) => c === "+"),
    scores,
    truthCount,
  );

test("average precision, worked by hand", () => {
  // recall 1/4 at precision 1, 2/4 at 2/3, 3/4 at 3/6 (better than the 2/5 before it); the fourth particle is never found
  expect(averagePrecision(outcomes("+-+--+", 4))).toBeCloseTo(1 / 4 + (1 / 4) * (2 / 3) + (1 / 4) * (3 / 6), 12);
  // the envelope: precision falls to 1/2 and rises to 3/4, which then holds for the recall before it, too
  expect(averagePrecision(outcomes("-+++", 3))).toBeCloseTo(3 / 4, 12);
  expect(averagePrecision(outcomes("+++", 3))).toBe(1);
  expect(averagePrecision(outcomes("---", 3))).toBe(0);
  expect(averagePrecision(outcomes("", 3))).toBe(0);
  expect(averagePrecision(outcomes("--", 0))).toBeNaN();
});

test("picks of one score are taken together", () => {
  const tied = outcomes("+-+", 2, [1, 1, 0.5]);
  expect(precisionRecallCurve(tied).map(({ cutoff, precision, recall }) => [cutoff, precision, recall])).toEqual([
    [1, 1 / 2, 1 / 2],
    [0.5, 2 / 3, 1],
  ]);
  expect(averagePrecision(tied)).toBeCloseTo(2 / 3, 12);
});

test("a list without scores has neither curve nor average precision", () => {
  const unscored = pickOutcomes([true, false], undefined, 2);
  expect(precisionRecallCurve(unscored)).toEqual([]);
  expect(averagePrecision(unscored)).toBeNaN();
});

test("the best point has the largest F1", () => {
  expect(bestPoint(precisionRecallCurve(outcomes("++-+-----", 4)))).toEqual({
    cutoff: -3,
    precision: 3 / 4,
    recall: 3 / 4,
    f1: 3 / 4,
  });
  expect(f1Score(3, 6, 4)).toBeCloseTo(2 / (6 / 3 + 4 / 3), 12);
});

test("weights count picks as if they stood there so often", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })), {
        minLength: 1,
      }),
      fc.integer({ min: 1, max: 4 }),
      (rows, missed) => {
        const set = pickOutcomes(
          rows.map(([hit]) => hit),
          rows.map(([, score]) => score),
          1,
        );
        const order = [...rows.keys()].sort((a, b) => rows[b][1] - rows[a][1] || a - b);
        const picks = Uint32Array.from(order, (i) => rows[i][2]);
        const repeated = rows.flatMap(([hit, score, weight]) =>
          new Array<[boolean, number]>(weight).fill([hit, score]),
        );
        const truthCount = missed + repeated.filter(([hit]) => hit).length;
        const spelledOut = pickOutcomes(
          repeated.map(([hit]) => hit),
          repeated.map(([, score]) => score),
          truthCount,
        );
        expect(averagePrecision(set, { picks, truthCount })).toBeCloseTo(averagePrecision(spelledOut), 12);
      },
    ),
  );
});

test("the interval of F1 follows from that of the share of right outcomes", () => {
  // 30 right, 10 false, 20 missed: J = 30/60, F1 = 60/90
  const [low, high] = f1Interval(30, 40, 50);
  const [jaccardLow, jaccardHigh] = wilsonInterval(30, 60);
  expect(low).toBeCloseTo((2 * jaccardLow) / (1 + jaccardLow), 12);
  expect(high).toBeCloseTo((2 * jaccardHigh) / (1 + jaccardHigh), 12);
  expect(low < 2 / 3 && 2 / 3 < high).toBe(true);
});
