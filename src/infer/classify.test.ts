import fc from "fast-check";
import { expect, test } from "vitest";
import type { ModelDescription } from "../model/index.js";
import { classifyEmbeddings } from "./classify.js";
import type { Embedded } from "./embedder.js";
import { similarityMatrix } from "./similarity.js";

const cosine = { similarity: "cosine", temperature: 10 } as ModelDescription;
const unit = (...angles: number[]): Embedded => ({
  embeddings: Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])),
  size: 2,
});

test("a query goes to the class of the nearest support, with the softmax's probability", () => {
  const [result] = classifyEmbeddings(unit(0.1), unit(0, Math.PI / 2), [0, 1], { classCount: 2, description: cosine });
  const [near, far] = [Math.exp(10 * Math.cos(0.1)), Math.exp(10 * Math.sin(0.1))];
  expect(result!.classIndex).toBe(0);
  expect(result!.probability).toBeCloseTo(near / (near + far), 5);
  expect(result!.margin).toBeCloseTo((near - far) / (near + far), 5);
  expect(result!.similarity).toBeCloseTo(Math.cos(0.1), 5);
});

test("several supports of a class count by their mean, not their best", () => {
  // Class 0 has one perfect support and one far off, class 1 two fair ones whose mean direction is the query's.
  const supports = unit(0, 2, 0.5, -0.5);
  const [result] = classifyEmbeddings(unit(0), supports, [0, 0, 1, 1], { classCount: 2, description: cosine });
  expect(result!.classIndex).toBe(1);
  expect(result!.similarity).toBeCloseTo(1, 5);
  expect(result!.margin).toBeCloseTo(Math.tanh(5 * (1 - Math.cos(1))), 5);
});

test("probabilities are positive, sum to one, and the class has the largest", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 6 }),
      fc.double({ min: -3, max: 3, noNaN: true }),
      (angles, angle) => {
        const labels = angles.map((_, i) => i);
        const options = { classCount: angles.length, description: cosine };
        const { probabilities, classIndex, probability, margin } = classifyEmbeddings(
          unit(angle),
          unit(...angles),
          labels,
          options,
        )[0];
        expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
        expect(probability).toBe(Math.max(...probabilities));
        expect(probabilities[classIndex]).toBe(probability);
        expect(margin).toBeGreaterThanOrEqual(0);
        expect(margin).toBeLessThanOrEqual(probability);
      },
    ),
  );
});

test("the paper's head is a weighted L1 distance with a bias", () => {
  const description = { similarity: "l1", similarityWeights: [-1, -2, 0.5] } as unknown as ModelDescription;
  const a: Embedded = { embeddings: Float32Array.of(1, 2), size: 2 };
  const b: Embedded = { embeddings: Float32Array.of(0, 5, 1, 2), size: 2 };
  expect([...similarityMatrix(a, b, description)]).toEqual([-1 * 1 - 2 * 3 + 0.5, 0.5]);
});

test("a class without examples and labels that do not fit are refused", () => {
  const options = { classCount: 3, description: cosine };
  expect(() => classifyEmbeddings(unit(0), unit(0, 1), [0, 2], options)).toThrow("class 1 has no example");
  expect(() => classifyEmbeddings(unit(0), unit(0, 1), [0], options)).toThrow("2 examples need as many labels, got 1");
});
