/** The odds of being of an offered class, from episodes with simulated complexes, and the fraction of such candidates here. */
import { type DistractorBank, drawOpenSet, fitOpenSet, type OpenSetModel } from "../../infer/index.js";
import { createRandom } from "../../volume/index.js";

/** The odds of being of an offered class, for this many classes and examples, and the fraction of such candidates here. */
export function openSetFor(
  bank: DistractorBank,
  similarities: Float64Array,
  { classCount, shots, seed }: { readonly classCount: number; readonly shots: number; readonly seed: number },
): OpenSetModel {
  const random = createRandom(seed).fork("open set", classCount, shots);
  return fitOpenSet(drawOpenSet(bank, { classCount, shots, random }), similarities);
}
