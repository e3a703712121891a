import type { NearestNeighbours } from "./nearest.js";

/**
 * Joins communities that are halves of one: communities of the highest modularity cut large even groups into pieces. For a
 * and b with e_ab links to nearest neighbours between them, d_a and d_b link ends in each and d in both together, `e_ab d /
 * (d_a d_b)` is 1 when links go everywhere alike and near 0 between groups of their own. The pair with the largest ratio is
 * joined as long as that is above `threshold`; counting begins again after each.
 * @param labels from 0 without gaps.
 * @returns labels from 0 without gaps.
 */
export function mergeCommunities(
  labels: Int32Array,
  { count, neighbours: stride, indices }: NearestNeighbours,
  { neighbours, threshold }: { readonly neighbours: number; readonly threshold: number },
): Int32Array {
  let groups = labels.reduce((most, label) => Math.max(most, label), -1) + 1;
  let links = new Float64Array(groups * groups);
  for (let point = 0; point < count; point++)
    for (let k = 0; k < Math.min(neighbours, stride); k++) {
      const [a, b] = [labels[point], labels[indices[point * stride + k]]];
      links[a * groups + b]++;
      links[b * groups + a]++;
    }
  let merged = labels;
  for (;;) {
    const pair = mostLinked(links, groups, threshold);
    if (!pair) return merged;
    const [a, b] = pair;
    const renumber = (label: number) => (label === b ? a : label > b ? label - 1 : label);
    merged = merged.map(renumber);
    const fewer = new Float64Array((groups - 1) ** 2);
    for (let i = 0; i < groups; i++)
      for (let j = 0; j < groups; j++) fewer[renumber(i) * (groups - 1) + renumber(j)] += links[i * groups + j];
    links = fewer;
    groups--;
  }
}

/** The pair a < b whose links are the largest fraction, above the threshold, of what they would be without any border. */
function mostLinked(links: Float64Array, groups: number, threshold: number): readonly [number, number] | undefined {
  let best = threshold;
  let pair: readonly [number, number] | undefined;
  for (let a = 0; a < groups; a++)
    for (let b = a + 1; b < groups; b++) {
      const between = links[a * groups + b];
      if (between === 0) continue;
      const endsA = links[a * groups + a] + between;
      const endsB = links[b * groups + b] + between;
      const ratio = (between * (endsA + endsB)) / (endsA * endsB);
      if (ratio <= best) continue;
      best = ratio;
      pair = [a, b];
    }
  return pair;
}
