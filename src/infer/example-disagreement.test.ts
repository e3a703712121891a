import { expect, test } from "vitest";
import type { ModelDescription } from "../model/index.js";
import { createRandom } from "../volume/index.js";
import { disagreeingExamples } from "./example-disagreement.js";

const description = { similarity: "cosine", temperature: 10 } as ModelDescription;
const SIZE = 16;

/** Unit vectors near the axes given, off by noise. */
function near(axes: readonly number[], labels: readonly number[], classCount: number) {
  const random = createRandom(4);
  const embeddings = new Float32Array(axes.length * SIZE);
  axes.forEach((axis, row) => {
    const values = Array.from({ length: SIZE }, (_, i) => (i === axis ? 1 : 0) + 0.08 * random.normal());
    const length = Math.hypot(...values);
    embeddings.set(
      values.map((value) => value / length),
      row * SIZE,
    );
  });
  return { embedded: { embeddings, size: SIZE }, labels, classCount };
}

test("examples that look like their class raise no doubt, and a class of two is not judged", () => {
  expect(disagreeingExamples(near([0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1], 2), description)).toEqual([]);
  expect(disagreeingExamples(near([0, 1, 1, 1, 1], [0, 0, 1, 1, 1], 2), description)).toEqual([]);
});

test("one that is of another class does, alone, with the class that it is more like", () => {
  const examples = near([0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1], 2);
  const [found, ...others] = disagreeingExamples(examples, description);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ example: 2, label: 0, nearer: { label: 1 } });
  expect(found!.nearer!.similarity).toBeGreaterThan(0.8);
  expect(found!.ownSimilarity).toBeLessThan(0.4);
  expect(disagreeingExamples(examples, description, (label) => label === 1)).toEqual([]);
});

test("one that is like no class does, even where there is one class only", () => {
  const found = disagreeingExamples(near([0, 0, 5, 0], [0, 0, 0, 0], 1), description);
  expect(found).toEqual([expect.objectContaining({ example: 2, nearer: undefined })]);
  expect(found[0]!.others).toBeGreaterThan(0.7);
});

test("examples of a class that are all unlike one another are not told apart", () => {
  expect(disagreeingExamples(near([0, 1, 2, 3], [0, 0, 0, 0], 1), description).length).toBeLessThan(4);
});

test("models that compare by a trained distance are not judged", () => {
  const other = { ...description, similarity: "distance" } as unknown as ModelDescription;
  expect(disagreeingExamples(near([0, 0, 5, 0], [0, 0, 0, 0], 1), other)).toEqual([]);
});
