import { expect, test } from "vitest";
import type { ModelDescription } from "../model/index.js";
import type { Embedded } from "./embedder.js";
import { classSimilarities } from "./pick/prototypes.js";
import { nearness, scaleStatistics, similarityScale } from "./similarity-scale.js";

const description = { similarity: "cosine", temperature: 12 } as ModelDescription;
const unit = (...angles: number[]): Embedded => ({
  embeddings: Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])),
  size: 2,
});
/** Two classes, 90 degrees apart, of one and of four examples. */
const examples = { embedded: unit(0, 1.5, 1.6, 1.5, 1.7), labels: [0, 1, 1, 1, 1], classCount: 2 };
const classified = (queries: Embedded, weights?: number[]) => ({
  queries,
  examples,
  similarities: classSimilarities(queries, examples, description),
  weights,
});
const queries = unit(0.1, 0.3, 1.2);

test("statistics are those of all pairs but the examples' own", () => {
  const [one, logExamples, within, between] = scaleStatistics(classified(queries), 1000)!; // so sharp that every query has one class
  expect([one, logExamples]).toEqual([1, Math.log(4) / 2]);
  const all = [
    ...[0.1, 0.3, 1.2].map((angle, i) => ({ angle, label: i === 2 ? 1 : 0, isQuery: true })),
    ...[0, 1.5, 1.6, 1.5, 1.7].map((angle, i) => ({ angle, label: i === 0 ? 0 : 1, isQuery: false })),
  ];
  const pairs = all.flatMap((a, i) => all.slice(i + 1).flatMap((b) => (a.isQuery || b.isQuery ? [{ a, b }] : [])));
  const mean = (of: typeof pairs) => of.reduce((sum, { a, b }) => sum + Math.cos(a.angle - b.angle), 0) / of.length;
  expect(within).toBeCloseTo(nearness(mean(pairs.filter(({ a, b }) => a.label === b.label))), 4);
  expect(between).toBeCloseTo(nearness(mean(pairs)), 4);
});

test("queries count by their weights, and one is enough", () => {
  const [, , within, between] = scaleStatistics(classified(queries, [0, 0, 0.5]), 1000)!;
  const own = [1.5, 1.6, 1.5, 1.7].map((angle) => Math.cos(angle - 1.2));
  expect(within).toBeCloseTo(nearness(own.reduce((a, b) => a + b) / 4), 4);
  expect(between).toBeCloseTo(nearness((own.reduce((a, b) => a + b) + Math.cos(1.2)) / 5), 4);
  expect(scaleStatistics(classified(unit(1.2)), 1000)![2]).toBeCloseTo(within, 4);
});

test("one class, no query, or only such as do not count tell nothing", () => {
  const one = { embedded: unit(0), labels: [0], classCount: 1 };
  const similarities = classSimilarities(queries, one, description);
  expect(scaleStatistics({ queries, examples: one, similarities }, 10)).toBeUndefined();
  expect(scaleStatistics(classified(unit()), 10)).toBeUndefined();
  expect(scaleStatistics(classified(queries, [0, 0, 0]), 10)).toBeUndefined();
});

test("the scale is the calibration's within bounds, and the temperature where there is none", () => {
  const calibration = { intercept: 2, examples: 0.5, within: 1, between: -0.5 };
  const [, logExamples, within, between] = scaleStatistics(classified(queries), 12)!;
  const scaleWith = (intercept: number) =>
    similarityScale(classified(queries), { ...description, calibration: { ...calibration, intercept } });
  expect(scaleWith(2)).toBeCloseTo(Math.exp(2 + 0.5 * logExamples + within - 0.5 * between), 6);
  expect(scaleWith(30)).toBe(300);
  expect(scaleWith(-30)).toBe(1);
  expect(similarityScale(classified(queries), description)).toBe(12);
  expect(similarityScale(classified(unit()), { ...description, calibration })).toBe(12);
});
