import { ShapeError } from "../errors.js";

/**
 * Adjusted Rand index of two groupings of the same things (L. Hubert and P. Arabie, J. Classification 2, 1985): 1 when they
 * agree, 0 on average for groupings by chance, negative below that. With n_ij the things in group i of one and j of the
 * other: `(sum C(n_ij, 2) - E) / ((sum C(a_i, 2) + sum C(b_j, 2)) / 2 - E)`, `E = sum C(a_i, 2) sum C(b_j, 2) / C(n, 2)`.
 * Two trivial groupings of the same kind agree: 1.
 * @throws ShapeError when the lists differ in length.
 */
export function adjustedRandIndex(first: readonly (string | number)[], second: readonly (string | number)[]): number {
  if (first.length !== second.length)
    throw new ShapeError(`two groupings of the same things are needed, got ${first.length} and ${second.length}`);
  const pairs = (count: number) => (count * (count - 1)) / 2;
  const pairsWithin = (groups: readonly unknown[]) => {
    const counts = new Map<unknown, number>();
    for (const group of groups) counts.set(group, (counts.get(group) ?? 0) + 1);
    return [...counts.values()].reduce((sum, count) => sum + pairs(count), 0);
  };
  const both = pairsWithin(first.map((group, i) => JSON.stringify([group, second[i]])));
  const [inFirst, inSecond] = [pairsWithin(first), pairsWithin(second)];
  const expected = first.length < 2 ? 0 : (inFirst * inSecond) / pairs(first.length);
  const most = (inFirst + inSecond) / 2;
  return most === expected ? 1 : (both - expected) / (most - expected);
}
