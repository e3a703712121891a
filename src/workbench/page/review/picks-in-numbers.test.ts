import { expect, test } from "vitest";
import { doubtOf, expectedPrecision, histogramOf, neighbourDistances, planeOfMost } from "./picks-in-numbers.js";

test("expected precision is the mean probability, with a person's word certain", () => {
  expect(expectedPrecision([])).toBeNaN();
  const [likely, doubtful] = [0.75, 0.25].map((probability) => ({ probability, isJudged: false }));
  expect(expectedPrecision([likely!, doubtful!])).toBe(0.5);
  expect(expectedPrecision([likely!, { ...doubtful!, isJudged: true }])).toBe(0.875);
});

test("doubt is greatest at one half, and none where it was said", () => {
  const doubts = [0, 0.5, 0.9, 1].map((probability) => doubtOf({ probability, isJudged: false }));
  expect(doubts[0]).toBe(0);
  expect(doubts[1]).toBe(1);
  expect(doubts[2]).toBeCloseTo(0.36, 10);
  expect(doubtOf({ probability: 0.5, isJudged: true })).toBe(0);
});

test("a histogram counts all, 1 in its last step", () => {
  expect(histogramOf([0, 0.24, 0.25, 0.5, 0.99, 1], 4)).toEqual([2, 1, 1, 2]);
});

test("neighbours are those of the same tomogram, as a search over all pairs finds them", () => {
  const items = Array.from({ length: 60 }, (_, index) => ({
    tomogramId: index % 3 === 0 ? "a" : "b",
    position: { x: (index * 37) % 101, y: (index * 53) % 89, z: (index * 71) % 47 },
  }));
  const expected = items.map((item) =>
    Math.min(
      ...items
        .filter((other) => other !== item && other.tomogramId === item.tomogramId)
        .map(({ position: { x, y, z } }) => Math.hypot(x - item.position.x, y - item.position.y, z - item.position.z)),
    ),
  );
  expect([...neighbourDistances(items)]).toEqual(expected);
  expect([...neighbourDistances(items.slice(0, 1))]).toEqual([Number.POSITIVE_INFINITY]);
});

test("many picks in one plane are seen, few or spread ones are not", () => {
  const spread = Array.from({ length: 40 }, (_, index) => (index * 29) % 100);
  expect(planeOfMost(spread, 100)).toBeUndefined();
  expect(planeOfMost([...spread, ...Array.from({ length: 80 }, (_, index) => 20 + (index % 5))], 100)).toBeCloseTo(
    22,
    0,
  );
  expect(planeOfMost([5, 5, 5], 100)).toBeUndefined();
});
