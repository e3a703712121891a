import type { Embedded } from "../embedder.js";
import { type IdentifyOptions, identify } from "./identify.js";
import { classSimilarities, type Supports } from "./prototypes.js";

/** What becomes of the answer without one of the supports. */
export interface SupportDependence {
  readonly support: number;
  /** Share of the accepted candidates whose class changes; undefined when it is its class's only support. */
  readonly changedShare: number | undefined;
  /** Similarity to the class's other supports' prototype; undefined when there is none. */
  readonly ownSimilarity: number | undefined;
  /** Whether the other supports of all classes would give it to its own class. */
  readonly recognised: boolean | undefined;
}

/**
 * Leaves out one support after the other and identifies all candidates again: a support on which many answers hang is to
 * be looked at, and one that the others would give to another class is doubtful.
 * @param accepted indices of the candidates that count.
 */
export function supportDependence(
  candidates: Embedded,
  supports: Supports,
  accepted: readonly number[],
  options: IdentifyOptions,
): SupportDependence[] {
  const { size } = candidates;
  const { labels, classCount, embedded } = supports;
  const counted = rowsOf(candidates, accepted);
  const classesOf = (reduced: Supports): number[] =>
    identify(counted, reduced, options).map(({ classIndex }) => classIndex);
  const whole = classesOf(supports);
  return labels.map((label, support) => {
    if (labels.filter((other) => other === label).length < 2)
      return { support, changedShare: undefined, ownSimilarity: undefined, recognised: undefined };
    const rest = labels.map((_, i) => i).filter((i) => i !== support);
    const reduced = { embedded: rowsOf(embedded, rest), labels: rest.map((i) => labels[i]), classCount };
    const without = classesOf(reduced);
    const changed = whole.filter((classIndex, i) => classIndex !== without[i]).length;
    const own = { embeddings: embedded.embeddings.subarray(support * size, (support + 1) * size), size };
    return {
      support,
      changedShare: whole.length > 0 ? changed / whole.length : 0,
      ownSimilarity: classSimilarities(own, reduced, options.description)[label],
      recognised: identify(own, reduced, { description: options.description })[0].classIndex === label,
    };
  });
}

function rowsOf({ embeddings, size }: Embedded, rows: readonly number[]): Embedded {
  const result = new Float32Array(rows.length * size);
  rows.forEach((row, i) => {
    result.set(embeddings.subarray(row * size, (row + 1) * size), i * size);
  });
  return { embeddings: result, size };
}
