import type { ModelDescription } from "../model/index.js";
import type { Embedded } from "./embedder.js";
import { createRowProducts } from "./row-products.js";

/**
 * How alike each query is to each example, `[queries, examples]`, larger is more alike: the scalar product of unit
 * embeddings, or for the paper's head w . |a - b| + bias.
 */
export function similarityMatrix(queries: Embedded, examples: Embedded, description: ModelDescription): Float32Array {
  if (description.similarity === "cosine") return cosineMatrix(queries, examples);
  const { size } = queries;
  const rows = queries.embeddings.length / size;
  const columns = examples.embeddings.length / size;
  const matrix = new Float32Array(rows * columns);
  const distance = weightedDistance(description, size);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      matrix[row * columns + column] = distance(queries.embeddings, examples.embeddings, row * size, column * size);
  return matrix;
}

type Rows = Pick<Embedded, "embeddings" | "size">;

/** The cosines of unit vectors with others, `[queries, examples]`. */
export function cosineMatrix({ embeddings: queries, size }: Rows, examples: Rows): Float32Array {
  const [rows, columns] = [queries.length / size, examples.embeddings.length / size];
  const matrix = new Float32Array(rows * columns);
  using others = createRowProducts(examples.embeddings, size);
  for (let row = 0; row < rows; row++) matrix.set(others.products(queries, row * size), row * columns);
  return matrix;
}

/** The scalar product of `size` values from `fromA` and `fromB` on: of unit vectors, the cosine. */
export function cosine(a: Float32Array, b: Float32Array, fromA: number, fromB: number, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += a[fromA + i] * b[fromB + i];
  return Math.fround(sum);
}

/**
 * The cosines of one vector with four that follow each other, to `into` from `at` on: the same numbers as one by one, in less than
 * half of the time, because no sum waits for another.
 */
export function fourCosines(
  a: Float32Array,
  b: Float32Array,
  fromA: number,
  fromB: number,
  size: number,
  into: Float32Array,
  at: number,
): void {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let i = 0, own = fromB; i < size; i++, own++) {
    const value = a[fromA + i];
    first += value * b[own];
    second += value * b[own + size];
    third += value * b[own + 2 * size];
    fourth += value * b[own + 3 * size];
  }
  into[at] = first;
  into[at + 1] = second;
  into[at + 2] = third;
  into[at + 3] = fourth;
}

function weightedDistance({ similarityWeights = [] }: ModelDescription, size: number) {
  const bias = similarityWeights[size] ?? 0;
  return (a: Float32Array, b: Float32Array, fromA: number, fromB: number): number => {
    let sum = bias;
    for (let i = 0; i < size; i++) sum += similarityWeights[i] * Math.abs(a[fromA + i] - b[fromB + i]);
    return sum;
  };
}
