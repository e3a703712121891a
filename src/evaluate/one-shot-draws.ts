import { createRandom } from "../volume/index.js";
import { membersByClass } from "./episodes.js";

interface OneShotDraws {
  /** `[queries, examples]`: higher is more alike. */
  readonly similarity: Float32Array;
  /** Class of each example and of each query, 0 and up; every class has an example. */
  readonly exampleLabels: ArrayLike<number>;
  readonly queryLabels: ArrayLike<number>;
  readonly draws: number;
}

/** Of each query: the fraction of draws of one example a class in which its own class's example is the most similar. */
export function oneShotAccuracies({ similarity, exampleLabels, queryLabels, draws }: OneShotDraws): Float64Array {
  const count = exampleLabels.length;
  const members = membersByClass(exampleLabels);
  const random = createRandom("one-shot draws");
  const accuracies = new Float64Array(queryLabels.length);
  for (let draw = 0; draw < draws; draw++) {
    const examples = members.map((candidates) => random.pick(candidates));
    for (let query = 0; query < accuracies.length; query++) {
      const own = similarity[query * count + examples[queryLabels[query]]];
      const beaten = examples.some(
        (example, label) => label !== queryLabels[query] && similarity[query * count + example] >= own,
      );
      if (!beaten) accuracies[query] += 1 / draws;
    }
  }
  return accuracies;
}
