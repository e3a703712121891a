import { expect, test } from "vitest";
import type { ModelDescription } from "../../../model/index.js";
import { createRandom } from "../../../volume/index.js";
import type { OrientationEvidence } from "../../orientation/compare-orientations.js";
import { identify } from "../identify.js";
import { type CandidateGroups, groupCandidates } from "./groups.js";

const SIZE = 16;
const description = { similarity: "cosine", temperature: 18 } as ModelDescription;

/** Unit vectors scattered around directions. */
function scattered(directions: readonly (readonly number[])[], each: number, spread: number, seed: string) {
  const random = createRandom(seed);
  const rows = directions.flatMap((direction) =>
    Array.from({ length: each }, () => {
      const row = Array.from({ length: SIZE }, (_, i) => (direction[i] ?? 0) + spread * random.normal());
      const length = Math.hypot(...row);
      return row.map((value) => value / length);
    }),
  );
  return { embeddings: Float32Array.from(rows.flat()), size: SIZE };
}

/** Ten complexes along axes of their own, far from each other. */
const kinds = Array.from({ length: 10 }, (_, i) => Array.from({ length: i + 1 }, (_, axis) => (axis === i ? 1 : 0)));

test("groups are the complexes, without anybody saying what there is", async () => {
  const { centres, sizes } = (await groupCandidates(scattered(kinds, 20, 0.08, "ten")))!;
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(200);
  expect(sizes.length).toBeGreaterThanOrEqual(10);
  // None is of two complexes: its centre lies along one axis.
  for (const group of sizes.keys())
    expect(Math.max(...centres.embeddings.subarray(group * SIZE, (group + 1) * SIZE))).toBeGreaterThan(0.95);
});

test("few kinds of candidates are not taken to pieces", async () => {
  expect(await groupCandidates(scattered([[1]], 1, 0, "one"))).toBeUndefined();
  expect(await groupCandidates(scattered(kinds.slice(0, 3), 60, 0.1, "three"))).toBeUndefined();
});

const options = {
  description,
  openSet: { intercept: -2.5, slope: 2, knownShare: 0.5 }, // a similarity of 0.74 is enough
  refine: true,
};

test("a relative of an offered class is of none: it is more like its own kind than like the example", async () => {
  const relative = [0.85, ...new Array<number>(SIZE - 2).fill(0), 0.53]; // cosine 0.85 to the first
  const candidates = scattered([...kinds, relative], 20, 0.06, "relatives");
  const examples = { embedded: scattered(kinds.slice(0, 1), 1, 0.06, "example"), labels: [0], classCount: 1 };
  const named = (groups?: CandidateGroups) => {
    const known = identify(candidates, examples, { ...options, groups }).map((one) => one.knownProbability >= 0.5);
    return [known.slice(0, 20), known.slice(200)].map((part) => part.filter(Boolean).length);
  };
  expect(named()[1]).toBeGreaterThan(10);
  const [own, relatives] = named(await groupCandidates(candidates));
  expect(own).toBeGreaterThan(15);
  expect(relatives).toBe(0);
});

test("what else tells classes apart moves candidates between classes, not between a class and a group", async () => {
  const candidates = scattered(kinds, 20, 0.06, "evidence");
  const examples = { embedded: scattered(kinds.slice(0, 2), 1, 0.06, "two"), labels: [0, 1], classCount: 2 };
  const groups = await groupCandidates(candidates);
  const values = new Float32Array(400).map((_, i) => (i % 2 === 0 ? 0.2 : -0.2));
  const likeness = new Float32Array(400).fill(Number.NaN);
  const knownWith = (evidence?: OrientationEvidence) =>
    identify(candidates, examples, { ...options, groups, evidence }).filter((one) => one.knownProbability >= 0.5)
      .length;
  expect(Math.abs(knownWith({ values, likeness }) - knownWith())).toBeLessThanOrEqual(2);
});

test("where an example looks like a relative's group, the orientations of the members tell which is its own", async () => {
  const relative = [0.6, ...new Array<number>(SIZE - 2).fill(0), 0.8]; // cosine 0.6 to the first
  const candidates = scattered([...kinds, relative], 20, 0.06, "own group");
  const example = scattered([[0.85, ...new Array<number>(SIZE - 2).fill(0), 0.53]], 1, 0, "nearer to the relative");
  const examples = { embedded: example, labels: [0], classCount: 1 };
  const groups = await groupCandidates(candidates);
  const named = (own: number, ofRelative: number) => {
    const likeness = Float32Array.from({ length: 220 }, (_, i) => (i < 20 ? own : i >= 200 ? ofRelative : 0));
    const evidence = { values: new Float32Array(220), likeness };
    const known = identify(candidates, examples, { ...options, groups, evidence }).map((one) => one.knownProbability);
    return [known.slice(0, 20), known.slice(200)].map((part) => part.filter((value) => value >= 0.5).length);
  };
  expect(named(0.3, 0.1)).toEqual([20, 0]);
  expect(named(0.1, 0.3)).toEqual([0, 20]);
});
