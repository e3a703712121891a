/** Rows of matrices that are stored one after the other. */

/** Some rows of a matrix, in the order of `rows`. */
export function takeRows(matrix: Float32Array, rows: readonly number[], length: number): Float32Array {
  const taken = new Float32Array(rows.length * length);
  for (const [i, row] of rows.entries()) taken.set(matrix.subarray(row * length, (row + 1) * length), i * length);
  return taken;
}

/** The rows of matrices one after the other. */
export function joinRows(matrices: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(matrices.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const matrix of matrices) {
    joined.set(matrix, at);
    at += matrix.length;
  }
  return joined;
}
