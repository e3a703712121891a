/** Solves a small symmetric positive definite system by elimination. */
export function solvePositive(matrix: readonly ArrayLike<number>[], right: ArrayLike<number>): number[] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...Array.from(row), right[i]]);
  for (let pivot = 0; pivot < n; pivot++)
    for (let row = pivot + 1; row < n; row++) {
      const factor = rows[row][pivot] / rows[pivot][pivot];
      for (let column = pivot; column <= n; column++) rows[row][column] -= factor * rows[pivot][column];
    }
  const solution = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row--) {
    let rest = rows[row][n];
    for (let column = row + 1; column < n; column++) rest -= rows[row][column] * solution[column];
    solution[row] = rest / rows[row][row];
  }
  return solution;
}
