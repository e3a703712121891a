import { createRandom } from "../volume/index.js";

export interface OneShotDraws {
  /** `[queries, examples]`: higher is more alike. */
  readonly similarity: Float32Array;
  /** Class of each example and of each query, 0 and up; every class has an example. */
  readonly exampleLabels: ArrayLike<number>;
  readonly queryLabels: ArrayLike<number>;
  readonly classCount: number;
  readonly draws: number;
}

/** Of each query: the fraction of draws of one example a class in which its own class's example is the most similar. */
export function oneShotAccuracies(options: OneShotDraws): Float64Array {
  const { similarity, exampleLabels, queryLabels, classCount, draws } = options;
  const count = exampleLabels.length;
  const members = Array.from({ length: classCount }, (_, label) =>
    Array.from({ length: count }, (_, i) => i).filter((i) => exampleLabels[i] === label),
  );
  const random = createRandom("one-shot draws");
  const accuracies = new Float64Array(queryLabels.length);
  for (let draw = 0; draw < draws; draw++) {
    const supports = members.map((candidates) => random.pick(candidates));
    for (let query = 0; query < accuracies.length; query++) {
      const own = similarity[query * count + supports[queryLabels[query]]];
      const beaten = supports.some(
        (support, label) => label !== queryLabels[query] && similarity[query * count + support] >= own,
      );
      if (!beaten) accuracies[query] += 1 / draws;
    }
  }
  return accuracies;
}
