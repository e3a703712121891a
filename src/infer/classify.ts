import { ShapeError } from "../errors.js";
import type { ModelDescription } from "../model/index.js";
import type { Embedded } from "./embedder.js";
import { exampleCounts, softmaxInPlace } from "./pick/prototypes.js";
import { similarityMatrix } from "./similarity.js";

/** Which class a query belongs to, and with what confidence. */
export interface Classification {
  readonly classIndex: number;
  /** Softmax over the classes of mean similarity times the model's temperature. */
  readonly probability: number;
  /** Probability of the best class minus that of the second best: 0 is a tie. */
  readonly margin: number;
  /** Mean similarity to the examples of the best class (for cosine similarity -1 to 1). */
  readonly similarity: number;
  /** One probability a class. */
  readonly probabilities: readonly number[];
}

/**
 * n-way-k-shot classification: each query goes to the class whose examples it is most similar to on average.
 * @param labels class index of each example, every class 0..classCount-1 at least once.
 * @throws ShapeError when labels and examples differ in number or a class has no example.
 */
export function classifyEmbeddings(
  queries: Embedded,
  examples: Embedded,
  labels: ArrayLike<number>,
  { classCount, description }: { readonly classCount: number; readonly description: ModelDescription },
): Classification[] {
  const count = examples.embeddings.length / examples.size;
  if (count !== labels.length) throw new ShapeError(`${count} examples need as many labels, got ${labels.length}`);
  const perClass = exampleCounts(labels, classCount);
  const similarity = similarityMatrix(queries, examples, description);
  return Array.from({ length: queries.embeddings.length / queries.size }, (_, query) => {
    const scores = new Float64Array(classCount);
    for (let i = 0; i < count; i++) {
      const label = labels[i];
      scores[label] += similarity[query * count + i] / perClass[label];
    }
    return decide(scores, description.temperature);
  });
}

function decide(scores: Float64Array, temperature: number): Classification {
  const best = scores.indexOf(Math.max(...scores));
  const likelihoods = scores.slice();
  softmaxInPlace(likelihoods, temperature);
  const probabilities = [...likelihoods];
  const second = Math.max(0, ...probabilities.filter((_, label) => label !== best));
  return {
    classIndex: best,
    probability: probabilities[best],
    margin: probabilities[best] - second,
    similarity: scores[best],
    probabilities,
  };
}
