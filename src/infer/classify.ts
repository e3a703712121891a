import { ShapeError } from "../errors.js";
import type { ModelDescription } from "../model/index.js";
import type { Embedded } from "./embedder.js";
import { similarityMatrix } from "./similarity.js";

/** Which class a query belongs to, and how sure that is. */
export interface Classification {
  readonly classIndex: number;
  /** Softmax over the classes of mean similarity times the model's temperature. */
  readonly probability: number;
  /** Probability of the best class minus that of the second best: 0 is a tie. */
  readonly margin: number;
  /** Mean similarity to the supports of the best class (for cosine similarity -1 to 1). */
  readonly similarity: number;
  /** One probability a class. */
  readonly probabilities: readonly number[];
}

/**
 * n-way-k-shot classification: each query goes to the class whose supports it is most similar to on average.
 * @param supportLabels class index of each support, every class 0..classCount-1 at least once.
 * @throws ShapeError when labels and supports differ in number or a class has no support.
 */
export function classifyEmbeddings(
  queries: Embedded,
  supports: Embedded,
  supportLabels: ArrayLike<number>,
  { classCount, description }: { readonly classCount: number; readonly description: ModelDescription },
): Classification[] {
  const supportCount = supports.embeddings.length / supports.size;
  if (supportCount !== supportLabels.length)
    throw new ShapeError(`${supportCount} supports need as many labels, got ${supportLabels.length}`);
  const perClass = new Float64Array(classCount);
  for (let i = 0; i < supportCount; i++) perClass[supportLabels[i]]++;
  const empty = perClass.indexOf(0);
  if (empty >= 0) throw new ShapeError(`class ${empty} has no support`);

  const similarity = similarityMatrix(queries, supports, description);
  const queryCount = queries.embeddings.length / queries.size;
  return Array.from({ length: queryCount }, (_, query) => {
    const scores = new Float64Array(classCount);
    for (let i = 0; i < supportCount; i++) {
      const label = supportLabels[i];
      scores[label] += similarity[query * supportCount + i] / perClass[label];
    }
    return decide(scores, description.temperature);
  });
}

function decide(scores: Float64Array, temperature: number): Classification {
  const best = scores.indexOf(Math.max(...scores));
  const weights = Array.from(scores, (score) => Math.exp(temperature * (score - scores[best])));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const probabilities = weights.map((weight) => weight / total);
  const second = Math.max(0, ...probabilities.filter((_, label) => label !== best));
  return {
    classIndex: best,
    probability: probabilities[best],
    margin: probabilities[best] - second,
    similarity: scores[best],
    probabilities,
  };
}
