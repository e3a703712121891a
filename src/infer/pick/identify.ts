import type { ModelDescription } from "../../model/index.js";
import type { Embedded } from "../embedder.js";
import { similarityMatrix } from "../similarity.js";
import { knownProbability, type OpenSetModel } from "./open-set.js";
import { classSimilarities, refinePrototypes, type Supports, softmaxInPlace } from "./prototypes.js";

/** What a candidate is. */
export interface Identity {
  /** The class it is most like. */
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
}

/** The similarities that `identify` decides by, `[candidates, classes]`. */
export function identitySimilarities(candidates: Embedded, supports: Supports, options: IdentifyOptions): Float32Array {
  const { description, refine = false } = options;
  if (!refine || description.similarity !== "cosine") return classSimilarities(candidates, supports, description);
  return similarityMatrix(candidates, refinePrototypes(candidates, supports, description), description);
}

/** The class of each row of similarities, with its probabilities. */
export function identify(
  similarities: Float32Array,
  classCount: number,
  { description, openSet }: IdentifyOptions,
): Identity[] {
  const row = new Float64Array(classCount);
  return Array.from({ length: similarities.length / classCount }, (_, index) => {
    row.set(similarities.subarray(index * classCount, (index + 1) * classCount));
    let classIndex = 0;
    for (let label = 1; label < classCount; label++) if (row[label]! > row[classIndex]!) classIndex = label;
    const similarity = row[classIndex]!;
    softmaxInPlace(row, description.temperature);
    const own = row[classIndex]!;
    row[classIndex] = 0;
    const known = openSet ? knownProbability(openSet, similarity) : 1;
    return {
      classIndex,
      similarity,
      probability: known * own,
      knownProbability: known,
      margin: own - row.reduce((maximum, value) => Math.max(maximum, value), 0),
    };
  });
}

/** The best similarity of each row. */
export function bestSimilarities(similarities: Float32Array, classCount: number): Float64Array {
  return Float64Array.from({ length: similarities.length / classCount }, (_, row) => {
    let best = Number.NEGATIVE_INFINITY;
    for (let label = 0; label < classCount; label++) best = Math.max(best, similarities[row * classCount + label]!);
    return best;
  });
}
