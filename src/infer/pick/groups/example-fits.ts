/** Whether examples can be of the groups that they are most like: how they fit the members, beside how these fit each other. */

import type { OrientedCandidates } from "../../cluster/oriented-neighbours.js";
import type { CompareNeighbours } from "../../orientation/index.js";
import { cosineMatrix } from "../../similarity.js";
import { classPrototypes, type LabelledExamples } from "../prototypes.js";
import type { CandidateGroups } from "./groups.js";

/** Groups that a class may claim lie among these, the likest by embeddings. */
const COMPARED_GROUPS = 4;
/** Of each group the most central members are compared. */
const MEMBERS = 12;
/** Fewer members do not show how well they fit each other. */
const LEAST_MEMBERS = 3;
/** Correlations within a group vary by so much at least. */
const LEAST_DEVIATION = 0.01;

/**
 * By how many standard deviations of its members' correlation with each other the examples of each class correlate better or worse
 * with the members of each group, `[classes, groups]`; NaN where they were not compared. Undefined where examples have no spectra.
 * @throws as `compare` does.
 */
export async function exampleFits(
  { embedded, labels, classCount }: LabelledExamples,
  candidates: OrientedCandidates,
  { centres, sizes, labels: groupOf, oriented }: CandidateGroups,
  compare: CompareNeighbours,
): Promise<Float32Array | undefined> {
  const { spectra } = embedded;
  if (!spectra || !oriented) return undefined;
  const groupCount = sizes.length;
  const likeness = cosineMatrix(classPrototypes({ embedded, labels, classCount }), centres);
  const centrality = cosineMatrix(candidates, centres);
  const members = sizes.map((_, group) =>
    [...groupOf.keys()]
      .filter((row) => groupOf[row] === group)
      .sort((a, b) => centrality[b * groupCount + group] - centrality[a * groupCount + group] || a - b)
      .slice(0, MEMBERS),
  );
  const groupsOf = Array.from({ length: classCount }, (_, label) =>
    [...sizes.keys()]
      .sort((a, b) => likeness[label * groupCount + b] - likeness[label * groupCount + a] || a - b)
      .slice(0, COMPARED_GROUPS)
      .filter((group) => members[group].length >= LEAST_MEMBERS && !Number.isNaN(oriented.cohesion[group].mean)),
  );
  // One comparison for all: examples have as many places, those left over at the first candidate.
  const places = COMPARED_GROUPS * MEMBERS;
  const indices = new Int32Array(labels.length * places);
  for (const [example, label] of labels.entries())
    for (const [k, group] of groupsOf[label].entries()) indices.set(members[group], example * places + k * MEMBERS);
  const correlations = await compare({ spectra, others: candidates.spectra, indices });
  const fits = new Float32Array(classCount * groupCount).fill(Number.NaN);
  for (const [label, groups] of groupsOf.entries()) {
    const own = [...labels.keys()].filter((example) => labels[example] === label);
    for (const [k, group] of groups.entries()) {
      const { length } = members[group];
      let sum = 0;
      for (const example of own)
        for (let m = 0; m < length; m++) sum += correlations[example * places + k * MEMBERS + m];
      const { mean, deviation } = oriented.cohesion[group];
      fits[label * groupCount + group] = (sum / (own.length * length) - mean) / Math.max(LEAST_DEVIATION, deviation);
    }
  }
  return fits;
}
