import type { ModelDescription } from "../model/index.js";
import type { Embedded } from "./embedder.js";

/**
 * How alike each query is to each example, `[queries, examples]`, larger is more alike: the scalar product of unit
 * embeddings, or for the paper's head w . |a - b| + bias.
 */
export function similarityMatrix(queries: Embedded, examples: Embedded, description: ModelDescription): Float32Array {
  const { size } = queries;
  const rows = queries.embeddings.length / size;
  const columns = examples.embeddings.length / size;
  const matrix = new Float32Array(rows * columns);
  const compare = description.similarity === "cosine" ? cosine : weightedDistance(description, size);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      matrix[row * columns + column] = compare(
        queries.embeddings,
        examples.embeddings,
        row * size,
        column * size,
        size,
      );
  return matrix;
}

/** The scalar product of `size` values from `fromA` and `fromB` on: of unit vectors, the cosine. */
export function cosine(a: Float32Array, b: Float32Array, fromA: number, fromB: number, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += a[fromA + i] * b[fromB + i];
  return Math.fround(sum);
}

function weightedDistance({ similarityWeights = [] }: ModelDescription, size: number): typeof cosine {
  const bias = similarityWeights[size] ?? 0;
  return (a, b, fromA, fromB) => {
    let sum = bias;
    for (let i = 0; i < size; i++) sum += similarityWeights[i] * Math.abs(a[fromA + i] - b[fromB + i]);
    return sum;
  };
}
