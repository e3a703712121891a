/** What is odd in picks and truth, in sentences. */
import { countText } from "../../count-text.js";
import { type LocalisationError, offsetText, rowsByName, sortedClassNames } from "../../evaluate/index.js";
import { createPointGrid } from "../../volume/index.js";
import { type ListedParticle, shortList } from "./lists.js";

/** Two positions as near as this are one, written twice. */
const SAME_PLACE_ANGSTROM = 1;

/** Of lists in the same tomograms and coordinates. */
export function doubtsOf(picks: readonly ListedParticle[], truths: readonly ListedParticle[]): string[] {
  const warnings: string[] = [];
  const known = new Set(truths.map(({ className }) => className));
  const foreign = sortedClassNames(picks.flatMap(({ className }) => className ?? [])).filter(
    (name) => !known.has(name),
  );
  if (foreign.length > 0)
    warnings.push(
      `classes ${shortList(foreign)} of the picks are not in the ground truth, so these picks match no true class (--same-class NAME=TRUE_NAME says which are the same)`,
    );
  const scored = picks.filter(({ score }) => score !== undefined).length;
  if (scored > 0 && scored < picks.length)
    warnings.push(
      `only ${scored} of ${countText(picks.length, "pick")} ${scored === 1 ? "has" : "have"} a score: there is no average precision`,
    );
  const negative = picks.filter(({ isNegative }) => isNegative).length;
  if (negative > 0)
    warnings.push(
      `${countText(negative, "pick is", "picks are")} listed as of none of the classes: counted for detection, and for no class`,
    );
  const [twicePicked, twiceTrue] = [picks, truths].map(atTakenPlaces) as [number, number];
  if (twiceTrue > 0)
    warnings.push(
      `${countText(twiceTrue, "true particle is", "true particles are")} within ${SAME_PLACE_ANGSTROM} Å of another one: as each needs a pick of its own, recall is too low (cosnet filter --min-distance)`,
    );
  if (twicePicked > 0)
    warnings.push(
      `${countText(twicePicked, "pick is", "picks are")} within ${SAME_PLACE_ANGSTROM} Å of another one: a second pick is false`,
    );
  return warnings;
}

/** What a shift of all picks to one side hints at. */
export function shiftDoubt(localisation: LocalisationError): string | undefined {
  if (!localisation.isShifted) return undefined;
  return `matched picks are on average ${offsetText(localisation)} from their particles, more than chance: half a voxel or a whole one hints at another origin, more at another voxel size or tomogram`;
}

/** Particles whose place another one of the list has taken before. */
function atTakenPlaces(particles: readonly ListedParticle[]): number {
  const grid = createPointGrid(SAME_PLACE_ANGSTROM);
  let taken = 0;
  for (const [group, rows] of [...rowsByName(particles, ({ tomogram }) => tomogram).values()].entries())
    for (const row of rows) {
      const { positionAngstrom } = particles[row]!;
      if (grid.someNear(positionAngstrom, () => true, group)) taken++;
      else grid.add(positionAngstrom, group);
    }
  return taken;
}
