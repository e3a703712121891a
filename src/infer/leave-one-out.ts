import type { ModelDescription } from "../model/index.js";
import { classifyEmbeddings } from "./classify.js";
import { type Embedded, rowsOf } from "./embedder.js";

/**
 * The class that the other examples would give to each example: a check on the examples themselves. Undefined for the only
 * example of a class, which no other can recognise.
 * @throws as `classifyEmbeddings`.
 */
export function leaveOneOut(
  examples: Embedded,
  labels: readonly number[],
  { classCount, description }: { readonly classCount: number; readonly description: ModelDescription },
): (number | undefined)[] {
  return labels.map((label, example) => {
    if (labels.filter((other) => other === label).length < 2) return undefined;
    const rest = [...labels.keys()].filter((i) => i !== example);
    const restLabels = rest.map((i) => labels[i]);
    const own = rowsOf(examples, [example]);
    return classifyEmbeddings(own, rowsOf(examples, rest), restLabels, { classCount, description })[0].classIndex;
  });
}
