/** Which classes claim which groups of candidates. */

/** A class's examples are given to groups by softmax; the class claims those that get this much of what the likest group gets. */
const CLAIM = 0.15;
/**
 * Examples that fit the average of a group by so many standard deviations of its members worse than these are not of it. Those that were
 * imaged otherwise may all fit worse: as much as the best of them does, and so much at the most, is forgiven.
 */
const [WORSE_FIT, MOST_FORGIVEN] = [5, 3] as const;
/** Examples that fit a group as well as most of its members do are of it, where they are of none that they are like. */
const OWN_FIT = 1.5;
/** A class gives way to another that fits a group by so many standard deviations better. */
const BETTER_FIT = 1.5;
/**
 * The classes that claim each group share its members, `[groups, classes]`, alike: which of them each member is of, it tells itself. A
 * class claims the groups that its examples are most like, but for those whose average they fit far worse than the members do; if none
 * is left, the one that they fit best, as well as most members do. It gives way to a class whose examples fit the group far better.
 * @param claims fractions of each class's examples that are given to each group, `[classes, groups]`
 * @param fits see `exampleFits`; undefined where there are none
 */
export function ownersOf(
  claims: Float64Array,
  fits: Float32Array | undefined,
  { classCount, groupCount }: { readonly classCount: number; readonly groupCount: number },
): Float32Array {
  const owners = new Float32Array(claims.length);
  const most = Array.from({ length: classCount }, (_, label) =>
    claims.subarray(label * groupCount, (label + 1) * groupCount).reduce((best, claim) => Math.max(best, claim), 0),
  );
  const fitOf = (label: number, group: number) => fits?.[label * groupCount + group] ?? Number.NaN;
  const known = fits?.filter((value) => !Number.isNaN(value)) ?? new Float32Array();
  const best = known.reduce((highest, value) => Math.max(highest, value), Number.NEGATIVE_INFINITY);
  const worst = Math.max(-MOST_FORGIVEN, Math.min(0, best)) - WORSE_FIT;
  const labels = [...most.keys()];
  const groups = Array.from({ length: groupCount }, (_, group) => group);
  const claimed = labels.map((label) => {
    const like = groups.filter((group) => claims[label * groupCount + group] >= CLAIM * most[label]);
    const left = like.filter((group) => !(fitOf(label, group) < worst));
    if (left.length > 0) return left;
    const [own] = groups
      .filter((group) => fitOf(label, group) >= -OWN_FIT)
      .sort((a, b) => fitOf(label, b) - fitOf(label, a) || a - b);
    return own === undefined ? [] : [own];
  });
  for (const group of groups) {
    const claiming = labels.filter((label) => claimed[label].includes(group));
    const left = claiming.filter(
      (label) => !claiming.some((other) => fitOf(other, group) - fitOf(label, group) > BETTER_FIT),
    );
    for (const label of left) owners[group * classCount + label] = 1 / left.length;
  }
  return owners;
}
