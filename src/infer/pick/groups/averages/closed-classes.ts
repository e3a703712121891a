/** Which classes only members of their groups are of, by how much of what is most like them those groups hold. */
import { knownProbability, type OpenSetModel } from "../../open-set.js";
import type { ToldClasses } from "./told-classes.js";

/**
 * A class that owns a group is closed to what is of no group when its groups hold this much of what the open set alone has as of it: of
 * false candidates there may be more than of particles. An average of parts of larger particles may be fitted by the example of a small
 * class whose own particles are in no group: such groups hold next to nothing of it.
 */
const HELD = 1 / 3;

/** @param similarities `[candidates, classes]`. @param openSet as it is of all candidates and classes */
export function closedClasses(
  { shares, untold, isShown }: ToldClasses,
  similarities: Float32Array,
  openSet: OpenSetModel,
): boolean[] {
  const classCount = isShown.length;
  const [given, held] = [new Float64Array(classCount), new Float64Array(classCount)];
  for (let row = 0; row < untold.length; row++) {
    const own = similarities.subarray(row * classCount, (row + 1) * classCount);
    const similarity = own.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    if (knownProbability(openSet, similarity) < 0.5) continue;
    const label = own.indexOf(similarity);
    const votes = shares.subarray(row * classCount, (row + 1) * classCount);
    const sum = votes.reduce((total, share) => total + share, 0);
    given[label]++;
    // Classes that fit a group alike share it.
    if (sum > 0.5 && votes[label] >= votes.reduce((most, share) => Math.max(most, share), 0)) held[label]++;
  }
  return isShown.map((shown, label) => shown && held[label] >= HELD * given[label]);
}
