/** Whether examples can be of the groups that they are most like: how they fit the members, beside how these fit each other. */

import type { OrientedCandidates } from "../../cluster/oriented-neighbours.js";
import { type CompareNeighbours, SPECTRUM_LENGTH } from "../../orientation/index.js";
import { takeRows } from "../../rows.js";
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
  const fits = new Float32Array(classCount * groupCount).fill(Number.NaN);
  for (let label = 0; label < classCount; label++) {
    const own = [...labels.keys()].filter((row) => labels[row] === label);
    const groups = [...sizes.keys()]
      .sort((a, b) => likeness[label * groupCount + b] - likeness[label * groupCount + a] || a - b)
      .slice(0, COMPARED_GROUPS)
      .filter((group) => members[group].length >= LEAST_MEMBERS && !Number.isNaN(oriented.cohesion[group].mean));
    if (groups.length === 0) continue;
    const rows = groups.flatMap((group) => members[group]);
    const correlations = await compare({
      spectra: takeRows(spectra, own, SPECTRUM_LENGTH),
      others: takeRows(candidates.spectra, rows, SPECTRUM_LENGTH),
      indices: Int32Array.from(own.flatMap(() => [...rows.keys()])),
    });
    let first = 0;
    for (const group of groups) {
      const { length } = members[group];
      let sum = 0;
      for (const i of own.keys()) for (let k = 0; k < length; k++) sum += correlations[i * rows.length + first + k];
      const { mean, deviation } = oriented.cohesion[group];
      fits[label * groupCount + group] = (sum / (own.length * length) - mean) / Math.max(LEAST_DEVIATION, deviation);
      first += length;
    }
  }
  return fits;
}
