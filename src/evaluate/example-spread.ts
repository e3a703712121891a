import { ConfigError, ShapeError } from "../errors.js";
import type { Random } from "../volume/index.js";
import { membersByClass } from "./episodes.js";
import { mean } from "./intervals.js";

export interface ExampleSpreadOptions {
  /** `[n * n]`: similarity of query (row) to example (column), higher is more alike. */
  readonly similarity: Float32Array;
  /** Class index of each of the n particles, 0 and up. */
  readonly labels: ArrayLike<number>;
  readonly way: number;
  /** Examples per class. */
  readonly shot: number;
  /** How often examples are drawn anew. */
  readonly draws: number;
  readonly random: Random;
}

/** Accuracy with the same examples for all queries, for several draws of them. */
export interface ExampleSpread {
  readonly draws: number;
  readonly mean: number;
  /** Standard deviation over the draws (divisor draws - 1; 0 for one draw). */
  readonly deviation: number;
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
  /** By class of the query: mean over the draws, and the draw that serves it worst. */
  readonly byClass: readonly { readonly label: number; readonly mean: number; readonly worst: number }[];
}

/**
 * How much accuracy depends on which examples were drawn: each draw fixes `shot` examples of every class, and all other
 * particles are classified by them. In n ways a query meets its own class and n - 1 others drawn from the C - 1; when b of
 * these have a higher mean similarity, it is right with probability `binomial(C - 1 - b, n - 1) / binomial(C - 1, n - 1)`,
 * so no episodes need to be drawn. A tie counts as lost.
 * @throws ConfigError when there are fewer classes than ways or a class has no particle besides its examples; ShapeError when
 * similarity is not labels.length squared.
 */
export function exampleSpread(options: ExampleSpreadOptions): ExampleSpread {
  const { similarity, labels, way, shot, draws } = options;
  const n = labels.length;
  if (similarity.length !== n * n)
    throw new ShapeError(`${n} labels need a similarity matrix of ${n * n} values, got ${similarity.length}`);
  const members = membersByClass(labels);
  if (members.length < way || members.some((own) => own.length <= shot))
    throw new ConfigError(
      `${way}-way ${shot}-shot needs ${way} classes of at least ${shot + 1} particles; there are ${members.length} classes`,
    );
  const byDraw = Array.from({ length: draws }, (_, draw) => accuracyByClass(options, members, draw));
  const overall = byDraw.map(mean).sort((a, b) => a - b);
  const centre = mean(overall);
  const squares = overall.reduce((sum, accuracy) => sum + (accuracy - centre) ** 2, 0);
  const middle = Math.floor(draws / 2);
  return {
    draws,
    mean: centre,
    deviation: draws > 1 ? Math.sqrt(squares / (draws - 1)) : 0,
    minimum: overall[0],
    median: draws % 2 === 1 ? overall[middle] : (overall[middle - 1] + overall[middle]) / 2,
    maximum: overall[draws - 1],
    byClass: members.map((_, label) => {
      const own = byDraw.map((accuracies) => accuracies[label]);
      return { label, mean: mean(own), worst: Math.min(...own) };
    }),
  };
}

/** Accuracy of each class's queries with the examples of one draw. */
function accuracyByClass(
  { similarity, labels, way, shot, random }: ExampleSpreadOptions,
  members: readonly (readonly number[])[],
  draw: number,
): number[] {
  const n = labels.length;
  const examples = members.map((own, label) =>
    random
      .fork(draw, label)
      .sample(own.length, shot)
      .map((index) => own[index]),
  );
  const scores = new Float64Array(members.length);
  return members.map((own, label) => {
    let right = 0;
    let queries = 0;
    for (const query of own) {
      if (examples[label].includes(query)) continue;
      for (const [other, columns] of examples.entries()) {
        scores[other] = 0;
        for (const example of columns) scores[other] += similarity[query * n + example];
      }
      let better = 0;
      for (let other = 0; other < scores.length; other++)
        if (other !== label && !(scores[other] < scores[label])) better++;
      right += probabilityOfNone(scores.length - 1, better, way - 1);
      queries++;
    }
    return right / queries;
  });
}

/** Probability that `drawn` of `total` things, drawn without replacement, hold none of the `bad` ones. */
function probabilityOfNone(total: number, bad: number, drawn: number): number {
  let probability = 1;
  for (let i = 0; i < drawn; i++) probability *= Math.max(0, total - bad - i) / (total - i);
  return probability;
}
