import type { Candidates } from "./candidates.js";

/** Who is with whom. */
export interface Partners {
  /** Index of each pick's particle, -1 for a false pick. */
  readonly truthOfPick: Int32Array;
  /** Index of each particle's pick, -1 for a missed particle. */
  readonly pickOfTruth: Int32Array;
}

/** A change of the sum of distances below this (Å) is rounding. */
const ROUNDING_ANGSTROM = 1e-9;

/**
 * Moves picks to nearer free particles and exchanges the partners of two picks while the sum of distances falls. Rounds go over
 * the picks in their order, and leave out those near which nothing has changed since.
 */
export function exchangePartners(
  { first, truths }: Candidates,
  { truthOfPick, pickOfTruth }: Partners,
  {
    distance,
    isNear,
  }: {
    readonly distance: (pick: number, truth: number) => number;
    readonly isNear: (pick: number, truth: number) => boolean;
  },
): void {
  /** The round in which each particle last changed its partner. */
  const changedIn = new Int32Array(pickOfTruth.length);
  const isSettled = (pick: number, round: number) => {
    for (let at = first[pick]; at < first[pick + 1]; at++) if (changedIn[truths[at]] >= round - 1) return false;
    return true;
  };
  /** Exchanges, if that brings the two nearer. */
  const exchange = (pick: number, truth: number): boolean => {
    const own = truthOfPick[pick];
    const other = pickOfTruth[truth];
    if (own === truth || (other >= 0 && !isNear(other, own))) return false;
    const before = distance(pick, own) + (other < 0 ? 0 : distance(other, truth));
    const after = distance(pick, truth) + (other < 0 ? 0 : distance(other, own));
    if (after >= before - ROUNDING_ANGSTROM) return false;
    truthOfPick[pick] = truth;
    pickOfTruth[truth] = pick;
    pickOfTruth[own] = other;
    if (other >= 0) truthOfPick[other] = own;
    return true;
  };
  for (let round = 1, changed = true; changed; round++) {
    changed = false;
    for (let pick = 0; pick < truthOfPick.length; pick++) {
      if (truthOfPick[pick] < 0 || isSettled(pick, round)) continue;
      for (let at = first[pick]; at < first[pick + 1]; at++) {
        const own = truthOfPick[pick];
        if (!exchange(pick, truths[at])) continue;
        changedIn[own] = round;
        changedIn[truths[at]] = round;
        changed = true;
      }
    }
  }
}
