/** The odds of being of an offered class, from episodes with simulated complexes. */
import { type DistractorBank, drawOpenSet, fitOdds, type OpenSetOdds } from "../../../infer/index.js";
import { createRandom } from "../../../volume/index.js";

/** The odds of being of an offered class, for this many classes and examples. */
export function openSetOdds(
  bank: DistractorBank,
  { classCount, shots, seed }: { readonly classCount: number; readonly shots: number; readonly seed: number },
): OpenSetOdds {
  const random = createRandom(seed).fork("open set", classCount, shots);
  return fitOdds(drawOpenSet(bank, { classCount, shots, random }));
}
