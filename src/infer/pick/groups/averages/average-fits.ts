/** Whether examples are of the complexes that averages show: how they fit these, beside how the members do. */
import { type Averager, SPECTRUM_LENGTH } from "../../../orientation/index.js";
import type { LabelledExamples } from "../../prototypes.js";
import type { ToldGroups } from "./told-groups.js";

/**
 * By how many standard deviations of its members the examples of each class fit the average of each group better or worse than these do,
 * `[classes, groups]`. Undefined where examples have no spectra.
 * @throws as `averager` does.
 */
export async function averageFits(
  { embedded: { spectra }, labels, classCount }: LabelledExamples,
  { averages }: ToldGroups,
  averager: Averager,
): Promise<Float32Array | undefined> {
  if (!spectra) return undefined;
  const boxes = labels.map((_, i) => spectra.subarray(i * SPECTRUM_LENGTH, (i + 1) * SPECTRUM_LENGTH));
  const fits = new Float32Array(classCount * averages.length);
  for (const [group, { halves, fit }] of averages.entries()) {
    const [first, second] = [await averager.fits(halves[0], boxes), await averager.fits(halves[1], boxes)];
    for (let label = 0; label < classCount; label++) {
      const own = [...labels.keys()].filter((i) => labels[i] === label);
      const mean = own.reduce((sum, i) => sum + (first[i] + second[i]) / 2, 0) / own.length;
      fits[label * averages.length + group] = (mean - fit.median) / fit.deviation;
    }
  }
  return fits;
}
