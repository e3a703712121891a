/** How far candidates are of groups: those that are most like each of them vote. */

/** The likest of a candidate's neighbours vote. */
const VOTERS = 12;
/** A candidate that has a group of its own votes for it so often. */
const OWN_VOTES = 4;

/**
 * How far each candidate is of each group, `[candidates, groups]`, rows summing to 1.
 * @param nearest neighbours of each candidate, the likest first: rows of `labels`
 * @param own the candidates' own groups, where they are among those that made them
 */
export function membershipsByVote(
  { indices, neighbours }: { readonly indices: Int32Array; readonly neighbours: number },
  {
    labels,
    groupCount,
    own,
  }: { readonly labels: Int32Array; readonly groupCount: number; readonly own?: Int32Array | undefined },
): Float32Array {
  const voters = Math.min(VOTERS, neighbours);
  const vote = 1 / (voters + (own ? OWN_VOTES : 0));
  const memberships = new Float32Array((indices.length / neighbours) * groupCount);
  for (let row = 0; row < indices.length / neighbours; row++) {
    if (own) memberships[row * groupCount + own[row]] = OWN_VOTES * vote;
    for (let k = 0; k < voters; k++) memberships[row * groupCount + labels[indices[row * neighbours + k]]] += vote;
  }
  return memberships;
}
