import type { ModelDescription } from "../../model/index.js";
import type { Embedded } from "../embedder.js";
import { EVIDENCE_SCALE_FACTOR, type OrientationEvidence } from "../orientation/compare-orientations.js";
import { similarityMatrix } from "../similarity.js";
import { similarityScale } from "../similarity-scale.js";
import { closedClasses } from "./groups/averages/closed-classes.js";
import type { ToldClasses } from "./groups/averages/told-classes.js";
import type { CandidateGroups } from "./groups/groups.js";
import { type LearntPrototypes, ownFractions, refinePrototypes } from "./groups/learn-prototypes.js";
import { knownProbability, type OpenSetModel, withKnownShare } from "./open-set.js";
import { classSimilarities, type LabelledExamples, softmaxInPlace } from "./prototypes.js";

/** The class of a candidate. */
export interface Identity {
  /** The class it is most similar to. */
  readonly classIndex: number;
  readonly similarity: number;
  /** That it is of this class: of one of the classes at all, times of this one among them. */
  readonly probability: number;
  /** That it is of one of the classes at all; 1 when nothing else is expected. */
  readonly knownProbability: number;
  /** Probability among the classes, minus that of the second best. */
  readonly margin: number;
}

export interface IdentifyOptions {
  readonly description: ModelDescription;
  /** Without it every candidate is of one of the classes. */
  readonly openSet?: OpenSetModel | undefined;
  /** Let the classes learn from the candidates (see `refinePrototypes`); only for cosine models. */
  readonly refine?: boolean;
  /** What orientations tell of the classes. */
  readonly evidence?: OrientationEvidence | undefined;
  /** What other evidence takes from each similarity, `[candidates, classes]`: see `greyPenalties`. */
  readonly penalties?: Float32Array | undefined;
  /** Groups of all candidates of the tomogram: classes that learn do so beside those that none of them claims. */
  readonly groups?: CandidateGroups | undefined;
  /** How the examples fit those groups: see `exampleFits`. */
  readonly fits?: Float32Array | undefined;
  /** Where there are no groups, and classes learn: what averages tell of the candidates' classes. */
  readonly told?: ToldClasses | undefined;
  /** What classes and groups have become that learnt from several tomograms, in place of what they would learn from this one. */
  readonly learnt?: LearntPrototypes | undefined;
  /** How far the candidates are of the groups of those tomograms, `[candidates, groups]`, where orientations were compared. */
  readonly memberships?: Float32Array | undefined;
}

/** A class to whose groups a candidate does not belong is not ruled out: groups may be wrong. */
const LEAST_SHARE = 0.02;
/** Half of the votes are too few for a class: what is known of a candidate must be more than one half. */
const A_TIE_IS_NONE = 1 - 1e-6;
/** Averages are surer. */
const LEAST_TOLD_SHARE = 0.001;

/**
 * The class of each candidate. Whether it is of one of the classes at all, groups of candidates decide, where orientations made them:
 * the members of those that a class claims are of it. Where embeddings alone made them, the open set and the groups of no class
 * decide together; where there are none, the examples alone, and averages of the candidates where these tell of it. Which of the
 * classes it is, these as they have learnt from the candidates decide, if they are to, and the groups.
 */
export function identify(candidates: Embedded, examples: LabelledExamples, options: IdentifyOptions): Identity[] {
  const { description, openSet, evidence, penalties } = options;
  const { classCount } = examples;
  const ofEmbeddings = classSimilarities(candidates, examples, description);
  const plain = lessPenalties(ofEmbeddings, penalties);
  const amongGroups = similaritiesAmongGroups(candidates, examples, options);
  const told = amongGroups || !options.refine ? undefined : options.told;
  const isClosed = told && openSet ? closedClasses(told, plain, openSet) : (told?.isShown ?? []);
  const known = knownOf();
  const similarities =
    amongGroups?.similarities ?? learntSimilarities(candidates, examples, { ...options, known }) ?? plain;
  // As noisy as the candidates are before the classes learn: learning draws the prototypes to them.
  const noise = { queries: candidates, examples, similarities: ofEmbeddings, weights: known.map(lesson) };
  const scale = similarityScale(noise, description) * (evidence ? EVIDENCE_SCALE_FACTOR : 1);
  const row = new Float64Array(classCount);
  return Array.from(known, (knownProbability, index) => {
    row.set(similarities.subarray(index * classCount, (index + 1) * classCount));
    if (evidence)
      for (let label = 0; label < classCount; label++) row[label] += evidence.values[index * classCount + label];
    softmaxInPlace(row, scale);
    if (amongGroups?.shares)
      weighInPlace(row, amongGroups.shares.subarray(index * classCount, (index + 1) * classCount), LEAST_SHARE);
    if (told) weighInPlace(row, possibleShares(told, isClosed, index), LEAST_TOLD_SHARE);
    let classIndex = 0;
    for (let label = 1; label < classCount; label++) if (row[label] > row[classIndex]) classIndex = label;
    const similarity = similarities[index * classCount + classIndex];
    const own = row[classIndex];
    row[classIndex] = 0;
    return {
      classIndex,
      similarity,
      probability: knownProbability * own,
      knownProbability,
      margin: own - row.reduce((maximum, value) => Math.max(maximum, value), 0),
    };
  });

  function knownOf(): Float64Array {
    if (!openSet) return new Float64Array(plain.length / classCount).fill(1);
    if (told) return knownAsTold(told, isClosed, plain, openSet);
    return bestSimilarities(amongGroups?.similarities ?? plain, classCount).map(
      (similarity, i) =>
        (amongGroups?.shares ? 1 : knownProbability(openSet, similarity)) * (amongGroups?.ownFractions[i] ?? 1),
    );
  }
}

/** Probabilities of classes, multiplied by what groups say of them, and by so much at least. */
function weighInPlace(probabilities: Float64Array, shares: Float32Array, least: number): void {
  let sum = 0;
  for (const [label, share] of shares.entries()) sum += probabilities[label] *= share + least;
  for (const label of shares.keys()) probabilities[label] /= sum;
}

/** Similarities less what other evidence takes from them. */
export function lessPenalties(similarities: Float32Array, penalties: Float32Array | undefined): Float32Array {
  return penalties ? similarities.map((similarity, i) => similarity - penalties[i]) : similarities;
}

/** Candidates among classes that have learnt beside groups. */
interface AmongGroups {
  /** To the classes, `[candidates, classes]`. */
  readonly similarities: Float32Array;
  /** How far each candidate is of a class and not of a group that none of them claims. */
  readonly ownFractions: Float64Array;
  /** How far it is of the groups of each class, `[candidates, classes]`, where orientations made the groups. */
  readonly shares: Float32Array | undefined;
}

/** Undefined where there are no groups or classes do not learn. */
export function similaritiesAmongGroups(
  candidates: Embedded,
  examples: LabelledExamples,
  { description, refine = false, groups, fits, learnt, memberships, evidence, penalties }: IdentifyOptions,
): AmongGroups | undefined {
  if (!refine || !(learnt ?? groups) || description.similarity !== "cosine") return undefined;
  const prototypes = learnt ?? refinePrototypes(candidates, examples, description, { groups, evidence, fits });
  const similarities = lessPenalties(similarityMatrix(candidates, prototypes.classes, description), penalties);
  const shares = sharesOf(learnt ? memberships : groups?.oriented?.memberships, prototypes, examples.classCount);
  if (!shares)
    return { similarities, ownFractions: ownFractions(candidates, prototypes, description), shares: undefined };
  const { classCount } = examples;
  const fractions = Float64Array.from({ length: shares.length / classCount }, (_, row) =>
    surer(shares.subarray(row * classCount, (row + 1) * classCount).reduce((sum, share) => sum + share, 0)),
  );
  return { similarities, ownFractions: fractions, shares };
}

/**
 * The probability that a candidate is of groups for which this fraction of its neighbours vote: its odds squared, since some neighbours
 * of every particle are others. In tomograms of twelve validation complexes .6 to .7 of the votes are right by .86 at SNR 0.2 and by .96
 * at 0.5, .8 to .9 by .95 and .99.
 */
function surer(fraction: number): number {
  const [own, other] = [fraction ** 2, Math.max(0, 1 - fraction) ** 2];
  return own / (own + other);
}

/** How far candidates are of the groups of each class, `[candidates, classes]`, by how far they are of each group. */
function sharesOf(
  memberships: Float32Array | undefined,
  { owners }: LearntPrototypes,
  classCount: number,
): Float32Array | undefined {
  if (!memberships || !owners) return undefined;
  const groupCount = owners.length / classCount;
  const shares = new Float32Array((memberships.length / groupCount) * classCount);
  for (let row = 0; row < memberships.length / groupCount; row++)
    for (let group = 0; group < groupCount; group++) {
      const membership = memberships[row * groupCount + group];
      if (membership > 0)
        for (let label = 0; label < classCount; label++)
          shares[row * classCount + label] += membership * owners[group * classCount + label];
    }
  return shares;
}

/** Without groups; undefined where classes do not learn. */
function learntSimilarities(
  candidates: Embedded,
  examples: LabelledExamples,
  { description, refine = false, evidence, penalties, known }: IdentifyOptions & { readonly known: Float64Array },
): Float32Array | undefined {
  if (!refine || description.similarity !== "cosine") return undefined;
  const lessons = { queryWeights: known.map(lesson), evidence };
  const { classes } = refinePrototypes(candidates, examples, description, lessons);
  return lessPenalties(similarityMatrix(candidates, classes, description), penalties);
}

/** What a candidate counts for when classes learn, and for the noise: nothing when it is more probably of none of them. */
function lesson(known: number): number {
  return Math.max(0, 2 * known - 1);
}

/** The best similarity of each row. */
export function bestSimilarities(similarities: Float32Array, classCount: number): Float64Array {
  return Float64Array.from({ length: similarities.length / classCount }, (_, row) => {
    let best = Number.NEGATIVE_INFINITY;
    for (let label = 0; label < classCount; label++) best = Math.max(best, similarities[row * classCount + label]);
    return best;
  });
}

/**
 * That each candidate is of one of the classes: as its groups tell, the votes for them squared as in `surer`, and as far as they tell
 * nothing, as the open set has it of the classes that are not closed to it. How many candidates are of these, those show of which
 * nothing is told: the others are no part of the question.
 */
function knownAsTold(
  { shares, untold }: ToldClasses,
  isClosed: readonly boolean[],
  similarities: Float32Array,
  openSet: OpenSetModel,
): Float64Array {
  const classCount = isClosed.length;
  const open = similarities.map((similarity, i) => (isClosed[i % classCount] ? -1 : similarity));
  const best = bestSimilarities(open, classCount);
  const model = withKnownShare(
    openSet,
    best.filter((_, i) => untold[i] > 0.5),
  );
  return best.map((similarity, i) => {
    const own = shares.subarray(i * classCount, (i + 1) * classCount).reduce((sum, share) => sum + share, 0);
    const other = Math.max(0, 1 - untold[i] - own);
    const known = isClosed.includes(false) ? knownProbability(model, similarity) : 0;
    return A_TIE_IS_NONE * ((own ** 2 + untold[i] ** 2 * known) / (own ** 2 + other ** 2 + untold[i] ** 2));
  });
}

/** How far a candidate may be of each class: what is of no group may be of any that is not closed to it. */
function possibleShares({ shares, untold }: ToldClasses, isClosed: readonly boolean[], row: number): Float32Array {
  const own = shares.subarray(row * isClosed.length, (row + 1) * isClosed.length);
  return own.map((share, label) => share + (isClosed[label] ? 0 : untold[row]));
}
