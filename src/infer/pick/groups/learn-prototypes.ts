import type { ModelDescription } from "../../../model/index.js";
import { median } from "../../../volume/index.js";
import { type Embedded, joinEmbedded, rowsOf } from "../../embedder.js";
import type { OrientationEvidence } from "../../orientation/compare-orientations.js";
import { createRowProducts } from "../../row-products.js";
import { similarityMatrix } from "../../similarity.js";
import { classPrototypes, exampleCounts, type LabelledExamples, softmaxInPlace } from "../prototypes.js";
import { normaliseRows } from "../test-time-averaging.js";
import type { CandidateGroups } from "./groups.js";

/** What classes have become that have learnt from candidates. */
export interface LearntPrototypes {
  /** One unit vector a class. */
  readonly classes: Embedded;
  /** One for each group that none of the classes claims: what is like these is of another complex. */
  readonly others: Embedded;
  /** Of which class the members of each group are, `[groups, classes]`: rows sum to 1, or are 0 of groups that no class claims. */
  readonly owners?: Float32Array | undefined;
}

export interface Lessons {
  /** How much each query may teach; all alike when absent. */
  readonly queryWeights?: ArrayLike<number> | undefined;
  /** Groups of the queries: classes begin with those that their examples are like, and the others are their rivals. */
  readonly groups?: CandidateGroups | undefined;
  /**
   * What orientations tell of the queries. It is added to the similarities to classes, of no weight between class and group; which groups
   * an example is like, the members of each tell together.
   */
  readonly evidence?: OrientationEvidence | undefined;
  /** How examples fit the groups: see `exampleFits`. */
  readonly fits?: Float32Array | undefined;
}

/** Weight of a class's examples, each counted this often, against the particles that are given to it. */
const EXAMPLE_WEIGHT = 3;
const ROUNDS = 8;
/** Softmax temperature of the rounds over the model's: sharper than the probabilities that users see. */
const SHARPNESS = 3;
/** A class's examples are given to groups by softmax; the class claims those that get this much of what the likest group gets. */
const CLAIM = 0.15;
/** Examples that fit a group by so many standard deviations worse than those of the median class fit theirs are not of it. */
const WORSE_FIT = 5;
/** The mean over a group is surer than what one candidate shows: it counts twice as much beside similarities. */
const GROUP_EVIDENCE_WEIGHT = 2;

/**
 * Prototypes that have also learnt from the queries: each round gives every query to the classes by softmax and moves the
 * prototypes to the weighted mean of examples (three times each) and queries, as soft k-means with seeds. Queries of other
 * complexes would pull the prototypes to themselves: groups that no class claims take part, too, and take them. In a simulated
 * tomogram of 12 validation complexes at SNR 0.5 (centres known) it raises macro F1 from 0.49 to 0.57 with one example a
 * class, from 0.65 to 0.68 with five; groups, by another 0.03 to 0.09 (centres found).
 */
export function refinePrototypes(
  queries: Embedded,
  examples: LabelledExamples,
  description: ModelDescription,
  { queryWeights, groups, evidence, fits }: Lessons = {},
): LearntPrototypes {
  const { embeddings, size } = queries;
  const { classCount } = examples;
  const start = startOf(examples, description, { groups, evidence, fits });
  const count = start.seeds.length / size;
  const rows = embeddings.length / size;
  const weights = new Float32Array(rows);
  using sums = createRowProducts(transposed(embeddings, size), rows);
  let prototypes = start.prototypes;
  for (let round = 0; round < ROUNDS; round++) {
    const fractions = fractionsOf(queries, { embeddings: prototypes, size }, description);
    if (evidence)
      weighClasses(fractions, count, evidence.values, { classCount, scale: SHARPNESS * description.temperature });
    const next = start.seeds.slice();
    for (let seed = 0; seed < count; seed++) {
      for (let row = 0; row < rows; row++) weights[row] = (queryWeights?.[row] ?? 1) * fractions[row * count + seed];
      const sum = sums.products(weights, 0);
      for (let j = 0; j < size; j++) next[seed * size + j] += sum[j];
    }
    normaliseRows(next, size);
    prototypes = next;
  }
  return {
    classes: { embeddings: prototypes.slice(0, classCount * size), size },
    others: { embeddings: prototypes.slice(classCount * size), size },
    owners: start.owners,
  };
}

/** `[rows, size]` -> `[size, rows]`. */
function transposed(values: Float32Array, size: number): Float32Array {
  const rows = values.length / size;
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) for (let j = 0; j < size; j++) turned[j * rows + row] = values[row * size + j];
  return turned;
}

/** How far each query is of one of the classes and not of what is beside them, 0 to 1. */
export function ownFractions(
  queries: Embedded,
  { classes, others }: LearntPrototypes,
  description: ModelDescription,
): Float64Array {
  const { size } = classes;
  const [own, count] = [
    classes.embeddings.length / size,
    (classes.embeddings.length + others.embeddings.length) / size,
  ];
  const fractions = fractionsOf(queries, joinEmbedded([classes, others]), description);
  return Float64Array.from({ length: fractions.length / count }, (_, row) =>
    fractions.subarray(row * count, row * count + own).reduce((sum, fraction) => sum + fraction, 0),
  );
}

/** What pulls each prototype in every round, and where the first round begins. */
function startOf(
  examples: LabelledExamples,
  description: ModelDescription,
  { groups, evidence, fits }: Pick<Lessons, "groups" | "evidence" | "fits">,
) {
  const { labels, classCount, embedded } = examples;
  const { size } = embedded;
  const counts = exampleCounts(labels, classCount);
  const classes = classPrototypes(examples);
  const seeds = classes.embeddings.map((value, i) => EXAMPLE_WEIGHT * counts[Math.floor(i / size)] * value);
  if (!groups) return { seeds, prototypes: classes.embeddings, owners: undefined };
  const { centres, sizes } = groups;
  const likeness = similarityMatrix(classes, centres, description);
  if (evidence)
    for (const [at, value] of likenessOfGroups(groups, evidence, classCount).entries())
      likeness[at] += GROUP_EVIDENCE_WEIGHT * value;
  const claims = fractionsIn(likeness, sizes.length, description);
  const prototypes = seeds.slice();
  for (let label = 0; label < classCount; label++)
    for (const [group, members] of sizes.entries())
      for (let j = 0; j < size; j++)
        prototypes[label * size + j] +=
          claims[label * sizes.length + group] * members * centres.embeddings[group * size + j];
  normaliseRows(prototypes, size);
  const owners = ownersOf(claims, fits, { classCount, groupCount: sizes.length });
  const isClaimed = (group: number) =>
    owners.subarray(group * classCount, (group + 1) * classCount).some((share) => share > 0);
  const unclaimed = [...sizes.keys()].filter((group) => !isClaimed(group));
  const others = rowsOf(centres, unclaimed);
  return {
    seeds: joinEmbedded([{ embeddings: seeds, size }, others]).embeddings,
    prototypes: joinEmbedded([{ embeddings: prototypes, size }, others]).embeddings,
    owners,
  };
}

/**
 * The classes that claim each group share its members, `[groups, classes]`, alike: which of them each member is of, it tells itself. A
 * class whose examples fit the members far worse than those of most classes fit theirs is of a complex that is not there.
 */
function ownersOf(
  claims: Float64Array,
  fits: Float32Array | undefined,
  { classCount, groupCount }: { readonly classCount: number; readonly groupCount: number },
): Float32Array {
  const owners = new Float32Array(claims.length);
  const most = Array.from({ length: classCount }, (_, label) =>
    claims.subarray(label * groupCount, (label + 1) * groupCount).reduce((best, claim) => Math.max(best, claim), 0),
  );
  const isClaim = (label: number, group: number) => claims[label * groupCount + group] >= CLAIM * most[label];
  const best = most.flatMap((_, label) => {
    const own = Array.from({ length: groupCount }, (__, group) =>
      isClaim(label, group) ? (fits?.[label * groupCount + group] ?? Number.NaN) : Number.NaN,
    ).filter((fit) => !Number.isNaN(fit));
    return own.length > 0 ? [own.reduce((a, b) => Math.max(a, b))] : [];
  });
  const worst = (best.length > 0 ? Math.min(0, median(best)) : Number.NaN) - WORSE_FIT;
  for (let group = 0; group < groupCount; group++) {
    const claiming = [...most.keys()].filter(
      (label) => isClaim(label, group) && !((fits?.[label * groupCount + group] ?? Number.NaN) < worst),
    );
    for (const label of claiming) owners[group * classCount + label] = 1 / claiming.length;
  }
  return owners;
}

/**
 * The mean likeness of each class's examples and each group's members by orientations, `[classes, groups]`: noise of members and what
 * their orientations leave open are averaged out, so that it tells relatives apart that embeddings do not. Of groups of which fewer than
 * half were compared with a class it is the lowest of the others, 0 at the most.
 */
function likenessOfGroups(
  { labels, sizes }: CandidateGroups,
  { likeness }: OrientationEvidence,
  classCount: number,
): Float64Array {
  const result = new Float64Array(classCount * sizes.length);
  for (let label = 0; label < classCount; label++) {
    const sums = sizes.map(() => 0);
    const counts = sizes.map(() => 0);
    for (const [row, group] of labels.entries()) {
      const value = likeness[row * classCount + label];
      if (Number.isNaN(value)) continue;
      sums[group] += value;
      counts[group]++;
    }
    const isCompared = (group: number) => counts[group] > 0 && 2 * counts[group] >= sizes[group];
    const means = sums.map((sum, group) => sum / counts[group]);
    const lowest = means.filter((_, group) => isCompared(group)).reduce((least, mean) => Math.min(least, mean), 0);
    for (const [group, mean] of means.entries())
      result[label * sizes.length + group] = isCompared(group) ? mean : lowest;
  }
  return result;
}

/** Moves what belongs to the classes together, the first of each row, between them. */
function weighClasses(
  fractions: Float64Array,
  count: number,
  evidence: Float32Array,
  { classCount, scale }: { readonly classCount: number; readonly scale: number },
): void {
  for (let row = 0; row < fractions.length / count; row++) {
    let [before, after] = [0, 0];
    for (let label = 0; label < classCount; label++) {
      const at = row * count + label;
      before += fractions[at];
      after += fractions[at] *= Math.exp(scale * evidence[row * classCount + label]);
    }
    for (let label = 0; after > 0 && label < classCount; label++) fractions[row * count + label] *= before / after;
  }
}

/** To which of the prototypes each query belongs, by softmax: `[queries, prototypes]`. */
function fractionsOf(queries: Embedded, prototypes: Embedded, description: ModelDescription): Float64Array {
  const count = prototypes.embeddings.length / prototypes.size;
  return fractionsIn(similarityMatrix(queries, prototypes, description), count, description);
}

/** As softmax has them, of rows of `count` similarities. */
export function fractionsIn(similarities: Float32Array, count: number, description: ModelDescription): Float64Array {
  const fractions = new Float64Array(similarities);
  for (let start = 0; start < fractions.length; start += count)
    softmaxInPlace(fractions.subarray(start, start + count), SHARPNESS * description.temperature);
  return fractions;
}
