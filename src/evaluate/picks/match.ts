import type { Vector3 } from "../../volume/index.js";
import type { PickedParticle, TrueParticle } from "./particles.js";

/** Which pick is which particle; every pick and every particle in at most one pair. */
export interface PickMatch {
  /** Index of each pick's particle, -1 for a false pick. */
  readonly truthOfPick: Int32Array;
  /** Index of each particle's pick, -1 for a missed particle. */
  readonly pickOfTruth: Int32Array;
  /** Distance of each pick to its particle, NaN for a false pick. */
  readonly distanceAngstrom: Float64Array;
}

/**
 * Pairs picks with particles of the same tomogram within each particle's `matchDistanceAngstrom`, one to one and **optimal
 * at every cut-off**: picks take part in descending score (none is worse than any), and one that finds its particle taken
 * may move others on along an augmenting path (H. W. Kuhn 1955). A pick that has been matched stays matched, so the pairs
 * of the picks above any cut-off are as many as can be had from them (the matched sets form a transversal matroid). Then
 * partners are exchanged as long as that brings picks nearer; this changes no count. Classes are not looked at.
 */
export function matchPicks(picks: readonly PickedParticle[], truths: readonly TrueParticle[]): PickMatch {
  const candidates = findCandidates(picks, truths);
  const truthOfPick = new Int32Array(picks.length).fill(-1);
  const pickOfTruth = new Int32Array(truths.length).fill(-1);
  const seenBy = new Int32Array(truths.length).fill(-1);
  const join = (pick: number, truth: number) => {
    truthOfPick[pick] = truth;
    pickOfTruth[truth] = pick;
  };
  const augment = (pick: number, root: number): boolean => {
    const near = candidates[pick];
    const free = near.find(({ truth }) => pickOfTruth[truth] === -1);
    if (free) {
      join(pick, free.truth);
      return true;
    }
    for (const { truth } of near) {
      if (seenBy[truth] === root) continue;
      seenBy[truth] = root;
      if (augment(pickOfTruth[truth], root)) {
        join(pick, truth);
        return true;
      }
    }
    return false;
  };
  for (const pick of matchingOrder(picks, candidates)) augment(pick, pick);
  shorten(candidates, truthOfPick, pickOfTruth);
  const distanceAngstrom = Float64Array.from(truthOfPick, (truth, pick) =>
    truth < 0 ? Number.NaN : distance(picks[pick].positionAngstrom, truths[truth].positionAngstrom),
  );
  return { truthOfPick, pickOfTruth, distanceAngstrom };
}

interface Candidate {
  readonly truth: number;
  readonly distanceAngstrom: number;
}

/** Descending score; among equals the pick nearest to a particle first, then the order of the list. */
function matchingOrder(picks: readonly PickedParticle[], candidates: readonly (readonly Candidate[])[]): number[] {
  const score = (pick: number) => picks[pick].score ?? Number.NEGATIVE_INFINITY;
  const nearest = (pick: number) => candidates[pick][0].distanceAngstrom;
  return Array.from(picks.keys())
    .filter((pick) => candidates[pick].length > 0)
    .sort((a, b) => (score(a) === score(b) ? nearest(a) - nearest(b) || a - b : score(b) - score(a)));
}

/** The particles within reach of each pick, the nearest first; found through cells as large as the largest distance. */
function findCandidates(picks: readonly PickedParticle[], truths: readonly TrueParticle[]): Candidate[][] {
  const cellAngstrom = truths.reduce((most, truth) => Math.max(most, truth.matchDistanceAngstrom), 1e-9);
  const cells = new Map<string, number[]>();
  const key = (tomogram: string, x: number, y: number, z: number) => `${x},${y},${z},${tomogram}`;
  const cell = (value: number) => Math.floor(value / cellAngstrom);
  truths.forEach(({ tomogram, positionAngstrom: { x, y, z } }, index) => {
    const name = key(tomogram, cell(x), cell(y), cell(z));
    const members = cells.get(name);
    if (members) members.push(index);
    else cells.set(name, [index]);
  });
  return picks.map(({ tomogram, positionAngstrom }) => {
    const found: Candidate[] = [];
    const { x, y, z } = positionAngstrom;
    for (let dz = -1; dz <= 1; dz++)
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++)
          for (const truth of cells.get(key(tomogram, cell(x) + dx, cell(y) + dy, cell(z) + dz)) ?? []) {
            const distanceAngstrom = distance(positionAngstrom, truths[truth].positionAngstrom);
            if (distanceAngstrom <= truths[truth].matchDistanceAngstrom) found.push({ truth, distanceAngstrom });
          }
    return found.sort((a, b) => a.distanceAngstrom - b.distanceAngstrom || a.truth - b.truth);
  });
}

/** Moves picks to nearer free particles and exchanges the partners of two picks while the sum of distances falls. */
function shorten(
  candidates: readonly (readonly Candidate[])[],
  truthOfPick: Int32Array,
  pickOfTruth: Int32Array,
): void {
  const reach = (pick: number, truth: number) =>
    candidates[pick].find((candidate) => candidate.truth === truth)?.distanceAngstrom ?? Number.POSITIVE_INFINITY;
  for (let changed = true; changed; ) {
    changed = false;
    for (const [pick, near] of candidates.entries()) {
      for (const { truth, distanceAngstrom } of near) {
        const own = truthOfPick[pick];
        const other = pickOfTruth[truth];
        if (own < 0 || own === truth) continue;
        const before = reach(pick, own) + (other < 0 ? 0 : reach(other, truth));
        const after = distanceAngstrom + (other < 0 ? 0 : reach(other, own));
        if (after >= before - 1e-9) continue;
        truthOfPick[pick] = truth;
        pickOfTruth[truth] = pick;
        pickOfTruth[own] = other;
        if (other >= 0) truthOfPick[other] = own;
        changed = true;
      }
    }
  }
}

function distance(a: Vector3, b: Vector3): number {
  return Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
}
