import { expect, test } from "vitest";
import type { ModelDescription } from "../../../model/index.js";
import { createRandom } from "../../../volume/index.js";
import { identify } from "../identify.js";
import { groupCandidates } from "./groups.js";
import { learnTogether } from "./learn-together.js";

const SIZE = 16;
const TOMOGRAMS = 5;
const KINDS = 10;
const description = { similarity: "cosine", temperature: 18 } as ModelDescription;

/** Unit vectors around axes of their own, one axis a kind, `each` of them in turn. */
function scattered(kinds: number, each: number, spread: number, seed: string) {
  const random = createRandom(seed);
  const rows = Array.from({ length: kinds * each }, (_, at) => {
    const row = Array.from({ length: SIZE }, (_, i) => Number(i === Math.floor(at / each)) + spread * random.normal());
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
  return { embeddings: Float32Array.from(rows.flat()), size: SIZE };
}

const examples = { embedded: scattered(2, 1, 0.25, "examples"), labels: [0, 1], classCount: 2 };
/** Four particles of each kind in each tomogram: too few for groups. */
const tomograms = Array.from({ length: TOMOGRAMS }, (_, i) => scattered(KINDS, 4, 0.25, `tomogram ${i}`));
const lessons = tomograms.map((embedded) => ({ embedded, evidence: undefined }));
const [first, ...others] = lessons;

test("classes learn from all tomograms what groups there are, of which each alone shows too little", async () => {
  expect(await Promise.all(tomograms.map((candidates) => groupCandidates(candidates)))).toEqual(
    tomograms.map(() => undefined),
  );
  const learnt = await learnTogether([first!, ...others], examples, { description });
  const openSet = { intercept: -1, slope: 1, knownShare: 0.5 };
  const right = (own?: typeof learnt) =>
    tomograms.reduce((sum, candidates) => {
      const identities = identify(candidates, examples, { description, openSet, refine: true, learnt: own });
      const isRight = ({ classIndex, knownProbability }: (typeof identities)[number], i: number) =>
        i < 8 ? knownProbability >= 0.5 && classIndex === Math.floor(i / 4) : knownProbability < 0.5;
      return sum + identities.filter(isRight).length;
    }, 0);
  expect(right(learnt)).toBeGreaterThan(right() + 10);
  expect(right(learnt)).toBeGreaterThan(0.95 * TOMOGRAMS * KINDS * 4);
});

test("of few kinds there are no groups, and nothing is learnt together", async () => {
  const few = { embedded: scattered(3, 30, 0.1, "few"), evidence: undefined };
  expect(await learnTogether([few, few], examples, { description })).toBeUndefined();
});

test("of one tomogram they learn what they would by themselves", async () => {
  const candidates = scattered(KINDS, 20, 0.15, "many");
  const values = new Float32Array(KINDS * 20 * 2).map((_, i) => (i % 2 === 0 ? 0.1 : -0.1));
  const evidence = { values, likeness: values.map((value, i) => value * (Math.floor(i / 40) / KINDS)) };
  const options = {
    ...{ description, refine: true, evidence },
    openSet: { intercept: -1, slope: 1, knownShare: 0.5 },
  };
  const groups = await groupCandidates(candidates);
  expect(groups).toBeDefined();
  const learnt = await learnTogether([{ embedded: candidates, evidence }], examples, { description });
  expect(identify(candidates, examples, { ...options, learnt })).toEqual(
    identify(candidates, examples, { ...options, groups }),
  );
});
