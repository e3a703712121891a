import { type Embedded, rowsOf } from "../embedder.js";
import { type IdentifyOptions, identify } from "./identify.js";
import { classSimilarities, type LabelledExamples } from "./prototypes.js";

/** What becomes of the answer without one of the examples. */
export interface ExampleDependence {
  /** Index of the example. */
  readonly example: number;
  /** Fraction of the accepted candidates whose class changes; undefined when it is its class's only example. */
  readonly changedShare: number | undefined;
  /** Similarity to the prototype of the class's other examples; undefined when there are none. */
  readonly ownSimilarity: number | undefined;
  /** Whether the other examples of all classes would give it to its own class. */
  readonly recognised: boolean | undefined;
}

/**
 * Leaves out one example after the other and identifies all candidates again: an example on which many answers depend is to
 * be looked at, and one that the others would give to another class is doubtful.
 * @param accepted indices of the candidates that count.
 */
export function exampleDependence(
  candidates: Embedded,
  examples: LabelledExamples,
  accepted: readonly number[],
  options: IdentifyOptions,
): ExampleDependence[] {
  const { labels, classCount, embedded } = examples;
  const classesOf = (reduced: LabelledExamples): number[] => {
    const identities = identify(candidates, reduced, options);
    return accepted.map((index) => identities[index].classIndex);
  };
  const isOnly = (label: number): boolean => labels.filter((other) => other === label).length < 2;
  const whole = labels.every(isOnly) ? [] : classesOf(examples);
  return labels.map((label, example) => {
    if (isOnly(label)) return { example, changedShare: undefined, ownSimilarity: undefined, recognised: undefined };
    const rest = [...labels.keys()].filter((i) => i !== example);
    const reduced = { embedded: rowsOf(embedded, rest), labels: rest.map((i) => labels[i]), classCount };
    const without = classesOf(reduced);
    const changed = whole.filter((classIndex, i) => classIndex !== without[i]).length;
    const own = rowsOf(embedded, [example]);
    return {
      example,
      changedShare: whole.length > 0 ? changed / whole.length : 0,
      ownSimilarity: classSimilarities(own, reduced, options.description)[label],
      recognised: identify(own, reduced, { description: options.description })[0].classIndex === label,
    };
  });
}
