/** Classes that learn from the candidates of several tomograms at once. */
import type { ModelDescription } from "../../../model/index.js";
import { nearestTaught, type OrientedCandidates } from "../../cluster/oriented-neighbours.js";
import { type Embedded, joinEmbedded } from "../../embedder.js";
import { type CompareNeighbours, type OrientationEvidence, SPECTRUM_LENGTH } from "../../orientation/index.js";
import { joinRows, takeRows } from "../../rows.js";
import type { LabelledExamples } from "../prototypes.js";
import { exampleFits } from "./example-fits.js";
import { groupCandidates, type OrientedGroups } from "./groups.js";
import { type LearntPrototypes, refinePrototypes } from "./learn-prototypes.js";
import { membershipsByVote } from "./memberships.js";

/** Candidates of one tomogram, at least one, and what is known of them; plain data. */
export interface TomogramLesson {
  readonly embedded: Pick<Embedded, "embeddings" | "size" | "spectra">;
  /** What orientations tell of their classes; undefined where they were not compared. */
  readonly evidence: OrientationEvidence | undefined;
}

/** The candidates that taught, and what groups they are of. */
export interface TaughtCandidates extends OrientedCandidates, OrientedGroups {
  /** Group of each. */
  readonly labels: Int32Array;
  readonly groupCount: number;
}

export interface LearntTogether extends LearntPrototypes {
  /** Undefined where orientations were not compared. */
  readonly taught: TaughtCandidates | undefined;
}

export interface LearnTogetherOptions {
  readonly description: ModelDescription;
  /** Turns candidates onto each other; without it groups are of embeddings alone. */
  readonly compare?: CompareNeighbours | undefined;
}

/**
 * Prototypes that have learnt from the candidates of all tomograms, beside the groups that no class claims, as `refinePrototypes`
 * does from those of one. Undefined where all together are of few kinds, and there are no groups: then nothing is gained by
 * learning together. Where there are, much is, as few particles of a class do not show what groups there are: see
 * docs/experiments.md.
 * @throws as `compare` does.
 */
export async function learnTogether(
  lessons: readonly [TomogramLesson, ...TomogramLesson[]],
  examples: LabelledExamples,
  { description, compare }: LearnTogetherOptions,
): Promise<LearntTogether | undefined> {
  const [first, ...others] = lessons;
  const embedded = joinEmbedded([first.embedded, ...others.map((lesson) => lesson.embedded)]);
  const groups = await groupCandidates(embedded, compare);
  if (!groups) return undefined;
  const { classCount } = examples;
  const evidenceOf = ({ embedded: { embeddings, size }, evidence }: TomogramLesson): OrientationEvidence => {
    const length = (embeddings.length / size) * classCount;
    return evidence ?? { values: new Float32Array(length), likeness: new Float32Array(length).fill(Number.NaN) };
  };
  const all = lessons.map(evidenceOf);
  const evidence = {
    values: joinRows(all.map(({ values }) => values)),
    likeness: joinRows(all.map(({ likeness }) => likeness)),
  };
  const { labels, sizes, oriented } = groups;
  const { embeddings, size, spectra } = embedded;
  const fits = compare && spectra && (await exampleFits(examples, { embeddings, size, spectra }, groups, compare));
  const prototypes = refinePrototypes(embedded, examples, description, { groups, evidence, fits });
  const taught = oriented &&
    spectra && { ...{ embeddings, size, spectra }, ...{ labels, groupCount: sizes.length }, ...oriented };
  return { ...prototypes, taught };
}

/**
 * How far candidates of one of the tomograms are of the groups, `[candidates, groups]`: of those that taught it is known, others are
 * compared with the likest of these.
 * @throws as `compare` does.
 */
export async function membershipsAmong(
  { embeddings, size, spectra }: OrientedCandidates,
  taught: TaughtCandidates,
  compare: CompareNeighbours,
): Promise<Float32Array> {
  const { groupCount } = taught;
  const findTaught = rowFinder(taught.embeddings, size);
  const count = embeddings.length / size;
  const memberships = new Float32Array(count * groupCount);
  const others: number[] = [];
  for (let row = 0; row < count; row++) {
    const known = findTaught(embeddings.subarray(row * size, (row + 1) * size));
    if (known === undefined) others.push(row);
    else memberships.set(taught.memberships.subarray(known * groupCount, (known + 1) * groupCount), row * groupCount);
  }
  if (others.length === 0) return memberships;
  const left = {
    ...{ embeddings: takeRows(embeddings, others, size), size },
    spectra: takeRows(spectra, others, SPECTRUM_LENGTH),
  };
  const nearest = await nearestTaught(left, taught, compare);
  const voted = membershipsByVote(nearest, { labels: taught.labels, groupCount });
  for (const [i, row] of others.entries())
    memberships.set(voted.subarray(i * groupCount, (i + 1) * groupCount), row * groupCount);
  return memberships;
}

/** Finds equal rows of `[any, size]` by their first number, which hardly any two share; undefined where there is none. */
function rowFinder(rows: Float32Array, size: number): (row: Float32Array) => number | undefined {
  const byFirst = new Map<number, number[]>();
  for (let row = 0; row < rows.length / size; row++) {
    const sharing = byFirst.get(rows[row * size]);
    if (sharing) sharing.push(row);
    else byFirst.set(rows[row * size], [row]);
  }
  return (wanted) => byFirst.get(wanted[0])?.find((row) => wanted.every((value, i) => value === rows[row * size + i]));
}
