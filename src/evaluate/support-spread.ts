import { ConfigError, ShapeError } from "../errors.js";
import type { Random } from "../volume/index.js";

export interface SupportSpreadOptions {
  /** `[n * n]`: similarity of query (row) to support (column), higher is more alike. */
  readonly similarity: Float32Array;
  /** Class index of each of the n particles, 0 and up. */
  readonly labels: ArrayLike<number>;
  readonly way: number;
  /** Supports per class. */
  readonly shot: number;
  /** How often supports are drawn anew. */
  readonly draws: number;
  readonly random: Random;
}

/** Accuracy with one and the same supports for all queries, for several draws of them. */
export interface SupportSpread {
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
 * How much accuracy hangs on which supports were drawn: each draw fixes `shot` supports of every class, and all other
 * particles are classified by them. In n ways a query meets its own class and n - 1 others drawn from the C - 1; when b of
 * these have a higher mean similarity, it is right with probability `binomial(C - 1 - b, n - 1) / binomial(C - 1, n - 1)`,
 * so no episodes need to be drawn. A tie counts as lost.
 * @throws ConfigError when there are fewer classes than ways or a class has no particle beside its supports; ShapeError when
 * similarity is not labels.length squared.
 */
export function supportSpread(options: SupportSpreadOptions): SupportSpread {
  const { similarity, labels, way, shot, draws } = options;
  const n = labels.length;
  if (similarity.length !== n * n)
    throw new ShapeError(`${n} labels need a similarity matrix of ${n * n} values, got ${similarity.length}`);
  const members: number[][] = [];
  for (let i = 0; i < n; i++) (members[labels[i]] ??= []).push(i);
  if (members.length < way || members.some((own) => own.length <= shot))
    throw new ConfigError(
      `${way}-way ${shot}-shot needs ${way} classes of at least ${shot + 1} particles; there are ${members.length} classes`,
    );
  const byDraw = Array.from({ length: draws }, (_, draw) => accuracyByClass(options, members, draw));
  const overall = byDraw.map((accuracies) => average(accuracies)).sort((a, b) => a - b);
  const mean = average(overall);
  const squares = overall.reduce((sum, accuracy) => sum + (accuracy - mean) ** 2, 0);
  const middle = Math.floor(draws / 2);
  return {
    draws,
    mean,
    deviation: draws > 1 ? Math.sqrt(squares / (draws - 1)) : 0,
    minimum: overall[0],
    median: draws % 2 === 1 ? overall[middle] : (overall[middle - 1] + overall[middle]) / 2,
    maximum: overall.at(-1)!,
    byClass: members.map((_, label) => {
      const own = byDraw.map((accuracies) => accuracies[label]);
      return { label, mean: average(own), worst: Math.min(...own) };
    }),
  };
}

/** Accuracy of each class's queries with the supports of one draw. */
function accuracyByClass(
  { similarity, labels, way, shot, random }: SupportSpreadOptions,
  members: readonly (readonly number[])[],
  draw: number,
): number[] {
  const n = labels.length;
  const supports = members.map((own, label) =>
    random
      .fork(draw, label)
      .sample(own.length, shot)
      .map((place) => own[place]),
  );
  const scores = new Float64Array(members.length);
  return members.map((own, label) => {
    let right = 0;
    let queries = 0;
    for (const query of own) {
      if (supports[label].includes(query)) continue;
      for (const [other, columns] of supports.entries()) {
        scores[other] = 0;
        for (const support of columns) scores[other] += similarity[query * n + support];
      }
      let better = 0;
      for (let other = 0; other < scores.length; other++)
        if (other !== label && !(scores[other] < scores[label])) better++;
      right += shareWithout(scores.length - 1, better, way - 1);
      queries++;
    }
    return right / queries;
  });
}

/** Probability that `drawn` of `total` things, drawn without replacement, hold none of the `bad` ones. */
function shareWithout(total: number, bad: number, drawn: number): number {
  let share = 1;
  for (let i = 0; i < drawn; i++) share *= Math.max(0, total - bad - i) / (total - i);
  return share;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
