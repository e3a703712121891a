import { finiteMean } from "./bootstrap.js";
import { type DetectionScore, detectionScore, outcomesOf } from "./detection-score.js";
import type { PickMatch } from "./match.js";
import { type PickedParticle, rowsByName, sortedClassNames, type TrueParticle } from "./particles.js";
import { f1Score } from "./precision-recall.js";

export interface TomogramPickScore extends DetectionScore {
  readonly tomogram: string;
  readonly macroF1: number;
}

/**
 * The scores of each tomogram. Matches never cross tomograms, so they are parts of the whole's.
 * @param match of all picks, whatever their class.
 * @param isRight 1 for each pick that is matched among the particles of its own class.
 */
export function scoreTomograms(
  picks: readonly PickedParticle[],
  truths: readonly TrueParticle[],
  {
    match,
    isRight,
    hasScores,
  }: { readonly match: PickMatch; readonly isRight: Uint8Array; readonly hasScores: boolean },
): TomogramPickScore[] {
  const picked = rowsByName(picks, ({ tomogram }) => tomogram);
  const real = rowsByName(truths, ({ tomogram }) => tomogram);
  return sortedClassNames([...real.keys(), ...picked.keys()]).map((tomogram) => {
    const rows = picked.get(tomogram) ?? [];
    const own = rows.map((pick) => picks[pick]);
    const wanted = (real.get(tomogram) ?? []).map((truth) => truths[truth]);
    const truthOfPick = Int32Array.from(rows, (pick) => match.truthOfPick[pick]);
    const outcomes = outcomesOf(own, { truthOfPick }, wanted.length, hasScores);
    const classRows = rowsByName(own, ({ className }) => className);
    const f1s = Array.from(
      rowsByName(wanted, ({ className }) => className),
      ([name, { length }]) => {
        const classPicks = classRows.get(name) ?? [];
        const found = classPicks.reduce((sum, row) => sum + isRight[rows[row]], 0);
        return f1Score(found, classPicks.length, length);
      },
    );
    return { tomogram, ...detectionScore(outcomes), macroF1: finiteMean(f1s) };
  });
}
