import type { ModelDescription } from "../model/index.js";
import { classifyEmbeddings } from "./classify.js";
import type { Embedded } from "./embedder.js";

/**
 * What class the other supports would give each support: a check on the supports themselves. A support that is its class's
 * only one has none to be recognised by: undefined.
 */
export function leaveOneOut(
  supports: Embedded,
  labels: readonly number[],
  { classCount, description }: { readonly classCount: number; readonly description: ModelDescription },
): (number | undefined)[] {
  const { size, embeddings } = supports;
  const rows = (chosen: readonly number[]): Embedded => {
    const taken = new Float32Array(chosen.length * size);
    for (const [i, row] of chosen.entries()) taken.set(embeddings.subarray(row * size, (row + 1) * size), i * size);
    return { embeddings: taken, size };
  };
  return labels.map((label, support) => {
    if (labels.filter((other) => other === label).length < 2) return undefined;
    const rest = labels.map((_, i) => i).filter((i) => i !== support);
    const restLabels = rest.map((i) => labels[i]);
    return classifyEmbeddings(rows([support]), rows(rest), restLabels, { classCount, description })[0].classIndex;
  });
}
