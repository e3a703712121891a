/** Which classes claim which groups of candidates, by how their examples fit the groups' averages. */
import { CHANCE, type GroupAverage, SURE_RELIABILITY } from "./join-pieces.js";

/** The likeness of examples to groups and their fit, `[classes, groups]` each. */
export interface Claims {
  readonly classCount: number;
  /** Fractions of each class's examples that are given to each group, by their embeddings. */
  readonly fractions: Float64Array;
  /** See `averageFits`. */
  readonly fits: Float32Array;
  readonly averages: readonly GroupAverage[];
}

/** Which groups tell of which classes. */
export interface Owners {
  /** Fractions of each group that are of each class, `[groups, classes]`: rows sum to 1, or are 0 of a group that is of none of them. */
  readonly owners: Float32Array;
  /** Groups that may be of a class, but are not sure to be of any: nothing is known of their members. */
  readonly isUnsure: readonly boolean[];
}

/** A class is like the groups that get this much of what the likest group gets. */
const CLAIM = 0.15;
/**
 * Examples that fit a group's average by no more standard deviations of its members worse than these are of it: 148 of 150 did. Those
 * that lie beside membranes fit worse, those of other complexes mostly by 3 to 12.
 */
const OWN_FIT = 2.5;
/** Those that fit by so many worse are not of it. */
const WORSE_FIT = 5;
/** Examples that were imaged otherwise may all fit worse: as much as the best of them does, and so much at the most, is forgiven. */
const MOST_FORGIVEN = 3;
/** A class gives way to another that fits a group by so many standard deviations better. */
const BETTER_FIT = 1.5;
/** Members fit an average that tells something by so many of their standard deviations better than anything fits one by chance. */
const TELLING = 3;

/** Whether an average shows one complex: anything fits an average of noise. */
function isTelling({ reliability, fit }: GroupAverage): boolean {
  return reliability >= SURE_RELIABILITY && fit.median - CHANCE >= TELLING * fit.deviation;
}

/** A class claims the groups that its examples are most like, as far as they fit these as members do. */
export function ownersOf({ classCount, fractions, fits, averages }: Claims): Owners {
  const groups = [...averages.keys()];
  const classes = Array.from({ length: classCount }, (_, label) => label);
  const fitOf = (label: number, group: number) => fits[label * groups.length + group];
  const best = fits.reduce((highest, fit) => Math.max(highest, fit), Number.NEGATIVE_INFINITY);
  const level = Math.max(-MOST_FORGIVEN, Math.min(0, best));
  const isSure = (group: number) => isTelling(averages[group]);
  const likes = classes.map((label) => {
    const own = fractions.subarray(label * groups.length, (label + 1) * groups.length);
    const most = own.reduce((highest, fraction) => Math.max(highest, fraction), 0);
    return groups.filter((group) => own[group] >= CLAIM * most);
  });
  const claimed = likes.map((like, label) => {
    const own = like.filter((group) => fitOf(label, group) >= level - OWN_FIT);
    return own.some(isSure) ? own : [];
  });
  const owners = new Float32Array(groups.length * classCount);
  const isUnsure = groups.map((group) => {
    const claiming = classes.filter((label) => claimed[label].includes(group));
    const left = claiming.filter(
      (label) => !claiming.some((other) => fitOf(other, group) - fitOf(label, group) > BETTER_FIT),
    );
    for (const label of left) owners[group * classCount + label] = 1 / left.length;
    if (left.length > 0) return false;
    return (
      !isSure(group) ||
      classes.some((label) => likes[label].includes(group) && fitOf(label, group) >= level - WORSE_FIT)
    );
  });
  return { owners, isUnsure };
}
