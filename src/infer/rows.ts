/** Rows of matrices that are stored one after the other. */

/** Some rows of a matrix, in the order of `rows`. */
export function takeRows(matrix: Float32Array, rows: readonly number[], length: number): Float32Array {
  const taken = new Float32Array(rows.length * length);
  for (const [i, row] of rows.entries()) taken.set(matrix.subarray(row * length, (row + 1) * length), i * length);
  return taken;
}

/** The rows of one matrix after those of another. */
export function joinRows(first: Float32Array, second: Float32Array): Float32Array {
  const joined = new Float32Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
