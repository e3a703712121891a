import { expect, test } from "vitest";
import type { Vector3 } from "../../volume/index.js";
import { tomogramDoubts } from "./doubts.js";
import type { PickSettings } from "./options.js";
import type { PickedTomogram } from "./picked-tomogram.js";

const settings = { borderAngstrom: 0 } as PickSettings;

function pickedAt(
  positions: readonly Vector3[],
  own: PickedTomogram["own"] = [],
  filaments: ReadonlyMap<number, unknown> = new Map(),
): PickedTomogram {
  const grid = { voxelSizeAngstrom: 10, sizeAngstrom: { x: 2000, y: 2000, z: 1000 } };
  const candidates = positions.map((positionAngstrom) => ({ positionAngstrom, radiusAngstrom: 60, accepted: true }));
  const searched = { grid, excluded: { neighbours: 0, border: 0, mask: 0, gold: 0 } };
  const search = { searched, examples: { names: ["a"], wantedClasses: 1 }, empty: new Set(), filaments };
  // What doubts do not look at is left out.
  return { searched, searches: [search], candidates, own } as unknown as PickedTomogram;
}

const spread = Array.from({ length: 20 }, (_, i) => ({
  x: 200 + ((i * 733) % 1600),
  y: 200 + ((i * 391) % 1600),
  z: 200 + ((i * 277) % 600),
}));

test("candidates spread over the tomogram raise no doubt", () => {
  expect(tomogramDoubts(pickedAt(spread), settings)).toEqual([]);
});

test("candidates on one plane do", () => {
  expect(tomogramDoubts(pickedAt(spread.map((at) => ({ ...at, z: 500 }))), settings)).toEqual([
    expect.stringMatching(/one plane across z/),
  ]);
});

test("candidates at the border do", () => {
  const atFaces = spread.map((at, i) => ({ ...at, x: i % 2 === 0 ? 10 : 1990 }));
  expect(tomogramDoubts(pickedAt(atFaces), settings)).toEqual([expect.stringMatching(/20 of 20.*border/)]);
});

test("examples without a candidate do, and name their list", () => {
  const example = {
    source: "clicks.csv, particle 3",
    label: 0,
    positionAngstrom: { x: 0, y: 0, z: 0 },
    isFound: false,
  };
  expect(tomogramDoubts(pickedAt(spread, [example]), settings)).toEqual([
    expect.stringMatching(/1 of 1 example: clicks.csv, particle 3 \(a\)/),
  ]);
});

test("no candidate at all says so", () => {
  expect(tomogramDoubts(pickedAt([]), settings)).toEqual([
    expect.stringMatching(/nothing in it looks like a particle/),
  ]);
});

test("a spacing along filaments that is too small to keep is said so", () => {
  const along = (filamentSpacingAngstrom: number) => ({ ...settings, filamentSpacingAngstrom });
  const filaments = new Map([[0, "runs on to both sides"]]);
  expect(tomogramDoubts(pickedAt(spread, [], filaments), along(40))).toEqual([
    expect.stringMatching(/60 Å apart, not the 40 Å/),
  ]);
  expect(tomogramDoubts(pickedAt(spread, [], filaments), along(80))).toEqual([]);
  expect(tomogramDoubts(pickedAt(spread), along(40))).toEqual([]);
});
