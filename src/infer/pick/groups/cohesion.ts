/** How well the members of a group fit each other. */
export interface Cohesion {
  /** Of each member's mean correlation with the others; NaN where none were compared. */
  readonly mean: number;
  readonly deviation: number;
}

/** @param correlations of each candidate with its neighbours, `[candidates, neighbours]` */
export function cohesionOf(
  labels: Int32Array,
  groupCount: number,
  { indices, correlations }: { readonly indices: Int32Array; readonly correlations: Float32Array },
): Cohesion[] {
  const neighbours = indices.length / labels.length;
  const own = Array.from({ length: groupCount }, (): number[] => []);
  for (const [row, group] of labels.entries()) {
    let [sum, count] = [0, 0];
    for (let at = row * neighbours; at < (row + 1) * neighbours; at++)
      if (labels[indices[at]] === group) {
        sum += correlations[at];
        count++;
      }
    if (count > 0) own[group].push(sum / count);
  }
  return own.map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
    return { mean, deviation: Math.sqrt(variance) };
  });
}
