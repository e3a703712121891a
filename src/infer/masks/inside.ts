/** A mask as 0 and 1: where the probability is above one half. */
export function insideMask(probability: Float32Array): Float32Array {
  return probability.map((p) => (p > 0.5 ? 1 : 0));
}

export function countInside(probability: Float32Array): number {
  let count = 0;
  for (let i = 0; i < probability.length; i++) if (probability[i] > 0.5) count++;
  return count;
}

/** Whether a mask `[edge, edge, edge]` has voxels on one of the faces of its box: the particle may be larger. */
export function touchesEdge(mask: Float32Array, edge: number): boolean {
  const last = edge - 1;
  for (let a = 0; a < edge; a++)
    for (let b = 0; b < edge; b++)
      for (const c of [0, last])
        if (
          mask[(c * edge + a) * edge + b] > 0.5 ||
          mask[(a * edge + c) * edge + b] > 0.5 ||
          mask[(a * edge + b) * edge + c] > 0.5
        )
          return true;
  return false;
}

/** Dice coefficient of where two volumes are above zero; 0 where neither is anywhere. */
export function overlap(one: Float32Array, other: Float32Array): number {
  let [both, sum] = [0, 0];
  for (let i = 0; i < one.length; i++) {
    const [a, b] = [one[i] > 0 ? 1 : 0, other[i] > 0 ? 1 : 0];
    both += a & b;
    sum += a + b;
  }
  return sum > 0 ? (2 * both) / sum : 0;
}
