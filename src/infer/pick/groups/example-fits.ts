/** Whether examples can be of the groups that they are most like: how they fit the averages, beside how the members do. */

import { SPECTRUM_LENGTH, type Spectra, type Turning } from "../../orientation/index.js";
import type { LabelledExamples } from "../prototypes.js";
import type { CandidateGroups } from "./groups.js";

/**
 * By how many standard deviations of its members the examples of each class fit the average of each group better or worse than these do,
 * `[classes, groups]`; of groups without an average NaN. Undefined where examples have no spectra.
 * @param candidates those that made the groups
 * @throws as `turning` does.
 */
export async function exampleFits(
  { embedded: { spectra }, labels, classCount }: LabelledExamples,
  { sizes, oriented }: CandidateGroups,
  candidates: Spectra,
  turning: Turning,
): Promise<Float32Array | undefined> {
  if (!spectra || !oriented) return undefined;
  await using averager = await turning.openAverager(candidates);
  const boxes = labels.map((_, i) => spectra.subarray(i * SPECTRUM_LENGTH, (i + 1) * SPECTRUM_LENGTH));
  const fits = new Float32Array(classCount * sizes.length).fill(Number.NaN);
  for (const [group, average] of oriented.averages.entries()) {
    if (!average) continue;
    const [first, second] = [
      await averager.fits(average.halves[0], boxes),
      await averager.fits(average.halves[1], boxes),
    ];
    const { median, deviation } = average.fit;
    for (let label = 0; label < classCount; label++) {
      const own = [...labels.keys()].filter((i) => labels[i] === label);
      const mean = own.reduce((sum, i) => sum + (first[i] + second[i]) / 2, 0) / own.length;
      fits[label * sizes.length + group] = (mean - median) / deviation;
    }
  }
  return fits;
}
