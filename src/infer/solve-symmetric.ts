/**
 * Solves equations with a symmetric, positive definite matrix, by Cholesky's factor; undefined where the matrix is not positive definite.
 * @param matrix `[n, n]`, of which the lower triangle is read; not changed.
 * @param right `[n]`
 */
export function solveSymmetric(matrix: Float64Array, right: Float64Array): Float64Array | undefined {
  const n = right.length;
  const root = matrix.slice();
  for (let p = 0; p < n; p++)
    for (let q = 0; q <= p; q++) {
      let value = root[n * p + q];
      for (let r = 0; r < q; r++) value -= root[n * p + r] * root[n * q + r];
      if (p !== q) root[n * p + q] = value / root[n * q + q];
      else if (value > 0) root[n * p + p] = Math.sqrt(value);
      else return undefined;
    }
  const result = right.slice();
  for (let p = 0; p < n; p++) {
    for (let q = 0; q < p; q++) result[p] -= root[n * p + q] * result[q];
    result[p] /= root[n * p + p];
  }
  for (let p = n - 1; p >= 0; p--) {
    for (let q = p + 1; q < n; q++) result[p] -= root[n * q + p] * result[q];
    result[p] /= root[n * p + p];
  }
  return result;
}
