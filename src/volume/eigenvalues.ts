/** Eigenvalues of a symmetric 3x3 matrix in rising order, by the trigonometric solution of its characteristic polynomial. */
export function eigenvalues(
  [a, b, c]: readonly [number, number, number],
  [ab, ac, bc]: readonly [number, number, number],
): [number, number, number] {
  const mean = (a + b + c) / 3;
  const spread = Math.sqrt(
    ((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2 + 2 * (ab * ab + ac * ac + bc * bc)) / 6,
  );
  if (spread < 1e-12) return [mean, mean, mean];
  const [p, q, r, s, t, u] = [a - mean, b - mean, c - mean, ab, ac, bc].map((value) => value / spread) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const determinant = p * (q * r - u * u) - s * (s * r - u * t) + t * (s * u - q * t);
  const angle = Math.acos(Math.max(-1, Math.min(1, determinant / 2))) / 3;
  const largest = mean + 2 * spread * Math.cos(angle);
  const smallest = mean + 2 * spread * Math.cos(angle + (2 * Math.PI) / 3);
  return [smallest, 3 * mean - largest - smallest, largest];
}
