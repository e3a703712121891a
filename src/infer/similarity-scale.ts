/** From similarities to probabilities: by how much they are multiplied before the softmax. */
import type { Calibration, ModelDescription } from "../model/index.js";
import type { Embedded } from "./embedder.js";
import { exampleCounts, type LabelledExamples, softmaxInPlace } from "./pick/prototypes.js";

/** What a scale depends on, in the order of `CALIBRATION_NAMES`. */
export type ScaleStatistics = readonly [one: 1, examples: number, within: number, between: number];

export const CALIBRATION_NAMES = [
  "intercept",
  "examples",
  "within",
  "between",
] as const satisfies (keyof Calibration)[];

/** Particles that are classified together. */
interface Classified {
  readonly queries: Embedded;
  readonly examples: LabelledExamples;
  /** `[queries, classes]` */
  readonly similarities: Float32Array;
  /** How much each query counts; all alike when absent. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** Bounds of a scale, for particles and examples unlike all that a calibration was fitted to. */
const [LEAST_SCALE, MOST_SCALE] = [1, 300];

/**
 * What the queries and examples tell of the scale that fits them (see `Calibration`); undefined where they tell nothing: of no
 * query, or of one class alone. Unit embeddings only.
 * @param temperature of the softmax by which queries count for the classes here.
 */
export function scaleStatistics(
  { queries, examples, similarities, weights }: Classified,
  temperature: number,
): ScaleStatistics | undefined {
  const { classCount, labels, embedded } = examples;
  const { size } = queries;
  const sums = createPairSums(classCount, size);
  const memberships = new Float64Array(classCount);
  for (const [example, label] of labels.entries()) {
    memberships.fill(0)[label] = 1;
    sums.add(embedded.embeddings.subarray(example * size, (example + 1) * size), memberships, 1);
  }
  const ofExamples = sums.pairs();
  for (let query = 0; query < queries.embeddings.length / size; query++) {
    memberships.set(similarities.subarray(query * classCount, (query + 1) * classCount));
    softmaxInPlace(memberships, temperature);
    sums.add(queries.embeddings.subarray(query * size, (query + 1) * size), memberships, weights?.[query] ?? 1);
  }
  const all = sums.pairs();
  const within = (all.within - ofExamples.within) / (all.withinCount - ofExamples.withinCount);
  const between = (all.any - ofExamples.any) / (all.anyCount - ofExamples.anyCount);
  if (classCount < 2 || !Number.isFinite(within) || !Number.isFinite(between)) return undefined;
  const counts = exampleCounts(labels, classCount);
  const meanLog = counts.reduce((sum, count) => sum + Math.log(count), 0) / classCount;
  return [1, meanLog, nearness(Math.max(-1, within)), nearness(Math.max(-1, between))];
}

/** Sums over pairs of different particles, of which each belongs to each class by some fraction, without going through the pairs. */
function createPairSums(classCount: number, size: number) {
  const classSums = new Float64Array(classCount * size);
  const sum = new Float64Array(size);
  const members = new Float64Array(classCount);
  let [weightTotal, withThemselves, ofClassWithThemselves] = [0, 0, 0];
  const squares = (values: Float64Array) => values.reduce((total, value) => total + value * value, 0);
  return {
    add(embedding: Float32Array, memberships: Float64Array, weight: number): void {
      weightTotal += weight;
      withThemselves += weight * weight;
      for (let j = 0; j < size; j++) sum[j] += weight * embedding[j];
      for (let label = 0; label < classCount; label++) {
        const membership = weight * memberships[label];
        members[label] += membership;
        ofClassWithThemselves += membership * membership;
        for (let j = 0; j < size; j++) classSums[label * size + j] += membership * embedding[j];
      }
    },
    /** Similarity and number of the pairs within a class, by how far both belong to it, and of any two. */
    pairs: () => ({
      within: squares(classSums) - ofClassWithThemselves,
      withinCount: squares(members) - ofClassWithThemselves,
      any: squares(sum) - withThemselves,
      anyCount: weightTotal * weightTotal - withThemselves,
    }),
  };
}

/** The scale that a calibration gives. */
export function calibratedScale(calibration: Calibration, statistics: ScaleStatistics): number {
  const logScale = CALIBRATION_NAMES.reduce((sum, name, i) => sum + calibration[name] * statistics[i], 0);
  return Math.max(LEAST_SCALE, Math.min(MOST_SCALE, Math.exp(logScale)));
}

/** The scale for particles classified together: the model's calibration, or the temperature of its training where it has none. */
export function similarityScale(classified: Classified, { calibration, temperature }: ModelDescription): number {
  const statistics = calibration && scaleStatistics(classified, temperature);
  return calibration && statistics ? calibratedScale(calibration, statistics) : temperature;
}

/**
 * `-log(1.02 - similarity)`: what matters of similarities is how near to 1 they come. From 0.9 to 0.95 says as much as from
 * 0.5 to 0.75; a straight line in the similarity itself would be laid by the many that are far from 1.
 */
export function nearness(similarity: number): number {
  return -Math.log(1.02 - Math.min(1, similarity));
}
