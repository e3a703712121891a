import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../volume/index.js";
import { matchPicks, type PickedParticle, type TrueParticle } from "../index.js";
import { findCandidates } from "./candidates.js";

const at = (x: number, y = 0, z = 0) => ({ x, y, z });
const truth = (x: number, matchDistanceAngstrom = 10, tomogram = "t"): TrueParticle => ({
  tomogram,
  positionAngstrom: at(x),
  className: "a",
  matchDistanceAngstrom,
});
const pick = (x: number, score?: number, tomogram = "t"): PickedParticle => ({
  tomogram,
  positionAngstrom: at(x),
  ...(score !== undefined && { score }),
});

describe("matchPicks", () => {
  test("a pick at the distance matches, one beyond it does not, and tomograms are kept apart", () => {
    const picks = [pick(10), pick(10.01), pick(0, undefined, "other")];
    const { truthOfPick, pickOfTruth, distanceAngstrom } = matchPicks(picks, [truth(0)]);
    expect([...truthOfPick]).toEqual([0, -1, -1]);
    expect([...pickOfTruth]).toEqual([0]);
    expect([...distanceAngstrom]).toEqual([10, Number.NaN, Number.NaN]);
  });

  test("a second pick of the same particle is false, and the one of higher score stays", () => {
    expect([...matchPicks([pick(1, 0.2), pick(5, 0.9)], [truth(0)]).truthOfPick]).toEqual([-1, 0]);
    expect([...matchPicks([pick(1), pick(5)], [truth(0)]).truthOfPick]).toEqual([0, -1]);
  });

  test("a sure pick gives way to one that has no other particle", () => {
    // The first is nearest to particle 0, but also near 1; the second reaches only 0.
    const { truthOfPick } = matchPicks([pick(4, 0.9), pick(-6, 0.5)], [truth(0), truth(10)]);
    expect([...truthOfPick]).toEqual([1, 0]);
  });

  test("partners are exchanged for the smaller sum of distances", () => {
    const truths = [truth(0, 60), truth(40, 60)];
    const { truthOfPick, distanceAngstrom } = matchPicks([pick(10, 0.9), pick(-5, 0.5)], truths);
    expect([...truthOfPick]).toEqual([1, 0]); // 30 + 5 instead of 10 + 45
    expect([...distanceAngstrom]).toEqual([30, 5]);
  });

  test("every particle has its own distance", () => {
    const { truthOfPick } = matchPicks([pick(30), pick(130)], [truth(0, 20), truth(100, 40)]);
    expect([...truthOfPick]).toEqual([-1, 1]);
  });

  test("a long row whose picks all have to move on for the last one", () => {
    // Every pick is nearest to the particle after it; the last one finds that taken, and there is none behind.
    const count = 20_000;
    const truths = Array.from({ length: count }, (_, i) => truth(10 * i, 9));
    const picks = Array.from({ length: count }, (_, i) =>
      i < count - 1 ? pick(10 * i + 6, 1) : pick(10 * i + 1, 0.5),
    );
    const { truthOfPick } = matchPicks(picks.toReversed(), truths.toReversed());
    expect([...truthOfPick]).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  test("a cluster where every pick is near every particle", () => {
    const random = createRandom(1);
    const somewhere = () => at(random.uniform(0, 10), random.uniform(0, 10), random.uniform(0, 10));
    const picks = Array.from({ length: 500 }, () => ({ ...pick(0, random.next()), positionAngstrom: somewhere() }));
    const truths = Array.from({ length: 400 }, () => ({ ...truth(0, 20), positionAngstrom: somewhere() }));
    const { truthOfPick } = matchPicks(picks, truths);
    const best = picks.map(({ score }) => score!).sort((a, b) => b - a);
    expect(
      picks
        .filter((_, i) => truthOfPick[i] >= 0)
        .map(({ score }) => score!)
        .sort((a, b) => b - a),
    ).toEqual(best.slice(0, 400));
  });

  test("more pairs than any list of particles has are a wrong unit", () => {
    const picks = Array.from({ length: 50 }, () => pick(0));
    const truths = Array.from({ length: 30 }, () => truth(0));
    expect(() => findCandidates(picks, truths, { mostPairs: 1000 })).toThrow(
      "more than 1000 pairs of 50 picks and 30 true particles are within the matching distance",
    );
  });

  test("the picks above any cut-off find as many particles as any matching of them could", () => {
    const places = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(places, places, (picked, real) => {
        const picks = picked.map(([x, score]) => pick(x, score));
        const truths = real.map(([x, distance]) => truth(x, distance));
        const { truthOfPick } = matchPicks(picks, truths);
        for (const [, cutoff] of picked) {
          const above = picks.flatMap(({ score }, i) => (score! >= cutoff ? [i] : []));
          const found = above.filter((i) => truthOfPick[i] >= 0).length;
          expect(found).toBe(
            mostPairs(
              above.map((i) => picks[i].positionAngstrom.x),
              truths,
            ),
          );
        }
        const partners = [...truthOfPick].filter((index) => index >= 0);
        expect(new Set(partners).size).toBe(partners.length);
      }),
      { numRuns: 300 },
    );
  });
});

/** The largest number of pairs, by trying everything. */
function mostPairs(picks: readonly number[], truths: readonly TrueParticle[]): number {
  const [first, ...rest] = picks;
  if (first === undefined) return 0;
  let most = mostPairs(rest, truths);
  truths.forEach((candidate, i) => {
    if (Math.abs(candidate.positionAngstrom.x - first) > candidate.matchDistanceAngstrom) return;
    most = Math.max(most, 1 + mostPairs(rest, truths.toSpliced(i, 1)));
  });
  return most;
}
