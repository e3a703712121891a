import { describe, expect, test } from "vitest";
import { cutOffTable, type Identity } from "../../infer/index.js";
import { type IdentifiedSearch, identifiedCandidates, type Rejection } from "./identify.js";

const [WANTED, NEGATIVE, EMPTY] = [0, 2, 1];
const CENTRE = 500;
const AT_BORDER = 10;

interface Found {
  readonly known: number;
  readonly probability: number;
  readonly classIndex?: number;
  readonly x?: number;
}

const found: readonly Found[] = [
  { known: 0.9, probability: 0.8 },
  { known: 0.9, probability: 0.3 },
  { known: 0.4, probability: 0.35 },
  { known: 0.4, probability: 0.1 },
  { known: 0.9, probability: 0.4, x: AT_BORDER },
  { known: 0.4, probability: 0.38, classIndex: NEGATIVE },
  { known: 0.4, probability: 0.38, classIndex: EMPTY },
];

/** Two classes that are looked for, at the examples of one of which there is nothing, and a negative; the rest is not looked at. */
function rejections(cutOff: number | undefined): readonly (Rejection | undefined)[] {
  const candidates = found.map(({ x = CENTRE }) => ({
    ...{ positionAngstrom: { x, y: CENTRE, z: CENTRE }, radiusAngstrom: 100, score: 0.5 },
  }));
  const sizeAngstrom = { x: 1000, y: 1000, z: 1000 };
  const identities = found.map(
    ({ known, probability, classIndex = WANTED }): Identity => ({
      ...{ classIndex, probability, knownProbability: known, similarity: 0.5, margin: 0.5 },
    }),
  );
  const search = {
    ...{ searched: { grid: { sizeAngstrom }, candidates }, identities, examples: { wantedClasses: 2 } },
    ...{ settings: { cutOff, closedSet: false }, empty: new Set([EMPTY]) },
  } as unknown as IdentifiedSearch;
  return identifiedCandidates(search).map(({ rejection }) => rejection);
}

describe("a candidate is a pick", () => {
  test("without a cut-off where a class is more probable than none, at the border from one half on", () => {
    expect(rejections(undefined)).toEqual([undefined, undefined, "none", "none", "border", "none", "none"]);
  });

  test("with a cut-off from there on, whatever it is of more probably, but not of negatives and of classes of nothing", () => {
    expect(rejections(0)).toEqual([undefined, undefined, undefined, undefined, undefined, "negative", "empty"]);
    expect(rejections(0.35)).toEqual([undefined, "cut-off", undefined, "none", undefined, "negative", "empty"]);
    expect(rejections(0.5)).toEqual([undefined, "cut-off", "none", "none", "cut-off", "none", "none"]);
  });

  test("at each cut-off as the report's table counts them", () => {
    const ofWanted = found.filter(({ classIndex = WANTED }) => classIndex === WANTED);
    for (const { cutOff, kept } of cutOffTable(ofWanted.map(({ probability }) => probability)))
      expect([cutOff, rejections(cutOff).filter((rejection) => rejection === undefined).length]).toEqual([
        cutOff,
        kept,
      ]);
  });
});
