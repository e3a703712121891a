import { ShapeError } from "../errors.js";
import type { ModelDescription } from "../model/index.js";
import { inProportion } from "./class-proportions.js";
import type { Embedded } from "./embedder.js";
import { EVIDENCE_SCALE_FACTOR, type OrientationEvidence } from "./orientation/compare-orientations.js";
import { classSimilarities, softmaxInPlace } from "./pick/prototypes.js";
import { similarityScale } from "./similarity-scale.js";

/** Which class a query belongs to, and with what confidence. */
export interface Classification {
  readonly classIndex: number;
  /**
   * Softmax over the classes of similarity times the scale that `similarityScale` finds for all queries together, with the classes as
   * frequent as all queries together show if that was asked for.
   */
  readonly probability: number;
  /** Probability of the best class minus that of the second best: 0 is a tie. */
  readonly margin: number;
  /** To the examples of the best class, as in `classSimilarities` (for cosine similarity -1 to 1). */
  readonly similarity: number;
  /** One probability a class. */
  readonly probabilities: readonly number[];
}

/** The classes, and what else tells them apart. */
export interface ClassifyEmbeddingsOptions {
  readonly classCount: number;
  readonly description: ModelDescription;
  /** What orientations tell of the classes. */
  readonly evidence?: OrientationEvidence | undefined;
  /** Take the classes for as frequent as the queries themselves show (see `inProportion`), not for equally frequent. */
  readonly proportions?: boolean | undefined;
}

/**
 * n-way-k-shot classification: each query goes to the class whose examples it is most similar to (see `classSimilarities`).
 * Probabilities depend on all queries: their similarities show how noisy they are.
 * @param labels class index of each example, every class 0..classCount-1 at least once.
 * @throws ShapeError when labels and examples differ in number or a class has no example.
 */
export function classifyEmbeddings(
  queries: Embedded,
  examples: Embedded,
  labels: ArrayLike<number>,
  { classCount, description, evidence, proportions = false }: ClassifyEmbeddingsOptions,
): Classification[] {
  const count = examples.embeddings.length / examples.size;
  if (count !== labels.length) throw new ShapeError(`${count} examples need as many labels, got ${labels.length}`);
  const labelled = { embedded: examples, labels: Array.from(labels), classCount };
  const similarities = classSimilarities(queries, labelled, description);
  const scale = similarityScale({ queries, examples: labelled, similarities }, description);
  const rowOf = (query: number) => similarities.subarray(query * classCount, (query + 1) * classCount);
  const even = Array.from({ length: similarities.length / classCount }, (_, query) => {
    const row = Float64Array.from(
      rowOf(query),
      (value, label) => value + (evidence?.values[query * classCount + label] ?? 0),
    );
    softmaxInPlace(row, evidence ? EVIDENCE_SCALE_FACTOR * scale : scale);
    return row;
  });
  return (proportions ? inProportion(even) : even).map((row, query) => decide(rowOf(query), [...row]));
}

function decide(similarities: Float32Array, probabilities: readonly number[]): Classification {
  const best = probabilities.reduce((most, value, label) => (value > probabilities[most] ? label : most), 0);
  const second = Math.max(0, ...probabilities.filter((_, label) => label !== best));
  return {
    classIndex: best,
    probability: probabilities[best],
    margin: probabilities[best] - second,
    similarity: similarities[best],
    probabilities,
  };
}
