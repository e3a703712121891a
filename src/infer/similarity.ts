import type { ModelDescription } from "../model/index.js";
import type { Embedded } from "./embedder.js";

/**
 * How alike each query is to each support, `[queries, supports]`, larger is more alike: the scalar product of unit
 * embeddings, or for the paper's head w . |a - b| + bias.
 */
export function similarityMatrix(queries: Embedded, supports: Embedded, description: ModelDescription): Float32Array {
  const { size } = queries;
  const rows = queries.embeddings.length / size;
  const columns = supports.embeddings.length / size;
  const matrix = new Float32Array(rows * columns);
  const compare = description.similarity === "cosine" ? scalarProduct : weightedDistance(description, size);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      matrix[row * columns + column] = compare(
        queries.embeddings,
        row * size,
        supports.embeddings,
        column * size,
        size,
      );
  }
  return matrix;
}

type Compare = (a: Float32Array, fromA: number, b: Float32Array, fromB: number, size: number) => number;

const scalarProduct: Compare = (a, fromA, b, fromB, size) => {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += a[fromA + i] * b[fromB + i];
  return sum;
};

function weightedDistance({ similarityWeights = [] }: ModelDescription, size: number): Compare {
  const bias = similarityWeights[size] ?? 0;
  return (a, fromA, b, fromB) => {
    let sum = bias;
    for (let i = 0; i < size; i++) sum += similarityWeights[i] * Math.abs(a[fromA + i] - b[fromB + i]);
    return sum;
  };
}
