import { type Candidates, distanceAngstrom, findCandidates } from "./candidates.js";
import { exchangePartners, type Partners } from "./exchange-partners.js";
import type { PickedParticle, TrueParticle } from "./particles.js";

/** Which pick is which particle; every pick and every particle in at most one pair. */
export interface PickMatch extends Partners {
  /** Distance of each pick to its particle, NaN for a false pick. */
  readonly distanceAngstrom: Float64Array;
}

/**
 * Pairs picks with particles of the same tomogram within each particle's `matchDistanceAngstrom`, one to one and **optimal
 * at every cut-off**: picks take part in descending score (none is worse than any), and one that finds its particle taken
 * may move others on along the shortest augmenting path (H. W. Kuhn 1955). A pick that has been matched stays matched, so the
 * pairs of the picks above any cut-off are as many as can be had from them (the matched sets form a transversal matroid). Then
 * partners are exchanged as long as that brings picks nearer; this changes no count. Classes are not looked at.
 *
 * Time is near linear in the picks where few particles are within reach of each; memory is that of the pairs within reach.
 * @throws ConfigError when these are more than 10^8.
 */
export function matchPicks(picks: readonly PickedParticle[], truths: readonly TrueParticle[]): PickMatch {
  const candidates = findCandidates(picks, truths);
  const distance = (pick: number, truth: number) =>
    distanceAngstrom(picks[pick].positionAngstrom, truths[truth].positionAngstrom);
  const partners = matchInOrder(matchingOrder(picks, candidates, distance), candidates, truths.length);
  exchangePartners(candidates, partners, {
    distance,
    isNear: (pick, truth) =>
      picks[pick].tomogram === truths[truth].tomogram && distance(pick, truth) <= truths[truth].matchDistanceAngstrom,
  });
  return {
    ...partners,
    distanceAngstrom: Float64Array.from(partners.truthOfPick, (truth, pick) =>
      truth < 0 ? Number.NaN : distance(pick, truth),
    ),
  };
}

/** Descending score; among equals the pick nearest to a particle first, then the order of the list. */
function matchingOrder(
  picks: readonly PickedParticle[],
  { first, truths }: Candidates,
  distance: (pick: number, truth: number) => number,
): Int32Array {
  const nearest = Float64Array.from(picks, (_, pick) =>
    first[pick + 1] > first[pick] ? distance(pick, truths[first[pick]]) : Number.POSITIVE_INFINITY,
  );
  const score = (pick: number) => picks[pick].score ?? Number.NEGATIVE_INFINITY;
  return Int32Array.from(picks.keys())
    .filter((pick) => nearest[pick] < Number.POSITIVE_INFINITY)
    .sort((a, b) => (score(a) === score(b) ? nearest[a] - nearest[b] || a - b : score(b) - score(a)));
}

/** Matches one pick after the other along shortest augmenting paths; what a search in vain has seen need not be seen again. */
function matchInOrder(order: Int32Array, candidates: Candidates, truthCount: number): Partners {
  const { first, truths } = candidates;
  const truthOfPick = new Int32Array(first.length - 1).fill(-1);
  const pickOfTruth = new Int32Array(truthCount).fill(-1);
  /** Where each pick's next free particle may be; those before it are taken, and stay so. */
  const nextFree = first.slice(0, -1);
  /** The pick whose search reached a particle last, and the pick that it was reached from. */
  const seenBy = new Int32Array(truthCount).fill(-1);
  const reachedFrom = new Int32Array(truthCount);
  const freeTruth = (pick: number) => {
    for (; nextFree[pick] < first[pick + 1]; nextFree[pick]++)
      if (pickOfTruth[truths[nextFree[pick]]] === -1) return truths[nextFree[pick]];
    return -1;
  };
  const moveOn = (last: number, free: number) => {
    for (let [pick, truth] = [last, free]; ; ) {
      const before = truthOfPick[pick];
      truthOfPick[pick] = truth;
      pickOfTruth[truth] = pick;
      if (before === -1) return;
      [pick, truth] = [reachedFrom[before], before];
    }
  };
  for (const root of order) {
    const queue = [root];
    let found = false;
    for (let i = 0; i < queue.length && !found; i++) {
      const pick = queue[i];
      const free = freeTruth(pick);
      found = free >= 0;
      if (found) moveOn(pick, free);
      else
        for (let at = first[pick]; at < first[pick + 1]; at++) {
          const truth = truths[at];
          if (seenBy[truth] === root || seenBy[truth] === DEAD_END) continue;
          seenBy[truth] = root;
          reachedFrom[truth] = pick;
          queue.push(pickOfTruth[truth]);
        }
    }
    // No path leads out of what was seen, now or later.
    if (!found) for (const pick of queue) if (pick !== root) seenBy[truthOfPick[pick]] = DEAD_END;
  }
  return { truthOfPick, pickOfTruth };
}

const DEAD_END = -2;
