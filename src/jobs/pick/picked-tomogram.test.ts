import { expect, test } from "vitest";
import type { IdentifiedSearch } from "./identify.js";
import { bestOfScales, onePickAMask, type PickedCandidate } from "./picked-tomogram.js";

const SMALL = 0;
const LARGE = 1;

interface Found {
  readonly x: number;
  readonly classIndex: number;
  readonly accepted: boolean;
  readonly pickScore: number;
  /** Along x, of the mask's centroid from the position. */
  readonly offset?: number;
}

/** A search for one of two classes, whose candidates lie on the x axis. */
function searchFor(label: number, radiusAngstrom: number, found: readonly Found[]): PickedCandidate[] {
  const search = { classes: [{ label, diameterAngstrom: 2 * radiusAngstrom }] } as unknown as IdentifiedSearch;
  return found.map(({ x, offset = 0, ...rest }) => {
    const outline = { offsetAngstrom: { x: offset, y: 0, z: 0 }, volumeCubicNanometre: 600 };
    const candidate = { ...rest, ...outline, positionAngstrom: { x, y: 0, z: 0 }, radiusAngstrom, search };
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

test("of picks at two ends of a long particle, whose masks are the same, the better stays; two that lie side by side do", () => {
  const pick = { classIndex: LARGE, accepted: true } as const;
  const ends = searchFor(LARGE, 40, [
    { ...pick, x: 0, offset: 38, pickScore: 0.5 },
    { ...pick, x: 84, offset: -42, pickScore: 0.6 },
    { ...pick, x: 1000, offset: 10, pickScore: 0.5 },
    { ...pick, x: 1084, offset: -10, pickScore: 0.6 },
    // Of another class, or no pick.
    { ...pick, classIndex: SMALL, x: 2000, offset: 38, pickScore: 0.5 },
    { ...pick, x: 2084, offset: -42, pickScore: 0.6 },
    { ...pick, accepted: false, x: 3000, offset: 38, pickScore: 0.5 },
    { ...pick, x: 3084, offset: -42, pickScore: 0.6 },
  ]);
  const [first, ...others] = onePickAMask(ends, { spacing: 0.6 });
  expect(first).toEqual({ ...ends[0], accepted: false, rejection: "same" });
  expect(others).toEqual(ends.slice(1));
});
