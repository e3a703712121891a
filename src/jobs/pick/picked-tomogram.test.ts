import { expect, test } from "vitest";
import type { IdentifiedSearch } from "./identify.js";
import { bestOfScales, type PickedCandidate } from "./picked-tomogram.js";

const SMALL = 0;
const LARGE = 1;

interface Found {
  readonly x: number;
  readonly classIndex: number;
  readonly accepted: boolean;
  readonly pickScore: number;
}

/** A search for one of two classes, whose candidates lie on the x axis. */
function searchFor(label: number, radiusAngstrom: number, found: readonly Found[]): PickedCandidate[] {
  const search = { classes: [{ label, diameterAngstrom: 2 * radiusAngstrom }] } as unknown as IdentifiedSearch;
  return found.map(({ x, ...rest }) => {
    const candidate = { ...rest, positionAngstrom: { x, y: 0, z: 0 }, radiusAngstrom, search };
    return candidate as unknown as PickedCandidate; // what merging does not look at is left out
  });
}

test("of candidates of two scales on one particle the pick of the search for its class stays", () => {
  const fine = searchFor(SMALL, 60, [
    { x: 0, classIndex: LARGE, accepted: true, pickScore: 0.95 },
    { x: 50, classIndex: SMALL, accepted: false, pickScore: 0.4 },
    { x: 1000, classIndex: SMALL, accepted: true, pickScore: 0.5 },
  ]);
  const coarse = searchFor(LARGE, 120, [
    { x: 10, classIndex: LARGE, accepted: true, pickScore: 0.6 },
    { x: 1020, classIndex: SMALL, accepted: true, pickScore: 0.9 },
    { x: 2000, classIndex: SMALL, accepted: false, pickScore: 0.1 },
  ]);
  const candidates = bestOfScales([...fine, ...coarse], { spacing: 0.6 });
  expect(candidates.map(({ positionAngstrom }) => positionAngstrom.x)).toEqual([10, 1000, 2000]);
});
