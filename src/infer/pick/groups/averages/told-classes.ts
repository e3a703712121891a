/** What averages of groups tell of the classes of candidates; plain data. */
import type { ModelDescription } from "../../../../model/index.js";
import type { Embedded } from "../../../embedder.js";
import { similarityMatrix } from "../../../similarity.js";
import { classPrototypes, type LabelledExamples } from "../../prototypes.js";
import { fractionsIn } from "../learn-prototypes.js";
import { ownersOf } from "./owners.js";
import type { ToldGroups } from "./told-groups.js";

export interface ToldClasses {
  /** How far each candidate is of groups of each class, `[candidates, classes]`. */
  readonly shares: Float32Array;
  /** How far each is of no group of which it is known what it is; what is left is of groups of no class. */
  readonly untold: Float32Array;
  /** Classes that own a group, whose average shows them: see `closedClasses`. */
  readonly isShown: readonly boolean[];
}

/**
 * A candidate that is more like an example of a class that no group shows than like the centre of its own group is told nothing: the few
 * particles of a rare class have no group of their own, and may be in another.
 * @param candidates those that made the groups
 * @param fits see `averageFits`
 */
export function toldClasses(
  candidates: Embedded,
  examples: LabelledExamples,
  { averages, centres, memberships, labels }: ToldGroups,
  fits: Float32Array,
  description: ModelDescription,
): ToldClasses {
  const { classCount } = examples;
  const groupCount = averages.length;
  const prototypes = classPrototypes(examples);
  const likeness = similarityMatrix(prototypes, centres, description);
  const { owners, isUnsure } = ownersOf({
    ...{ classCount, fractions: fractionsIn(likeness, groupCount, description), fits, averages },
  });
  const shares = new Float32Array(labels.length * classCount);
  const untold = new Float32Array(labels.length).fill(1);
  const isShown = Array.from({ length: classCount }, () => false);
  for (let group = 0; group < groupCount; group++) {
    if (isUnsure[group]) continue;
    const own = owners.subarray(group * classCount, (group + 1) * classCount);
    for (const [label, share] of own.entries()) isShown[label] ||= share > 0;
    for (let row = 0; row < labels.length; row++) {
      const membership = memberships[row * groupCount + group];
      untold[row] = Math.max(0, untold[row] - membership);
      for (const [label, share] of own.entries()) shares[row * classCount + label] += membership * share;
    }
  }
  const toClasses = similarityMatrix(candidates, prototypes, description);
  const toCentres = similarityMatrix(candidates, centres, description);
  for (const [row, group] of labels.entries()) {
    if (group < 0) continue;
    const own = toCentres[row * groupCount + group];
    if (!isShown.some((shown, label) => !shown && toClasses[row * classCount + label] > own)) continue;
    untold[row] = 1;
    shares.fill(0, row * classCount, (row + 1) * classCount);
  }
  return { shares, untold, isShown };
}
