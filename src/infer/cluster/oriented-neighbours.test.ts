import * as onnxruntime from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import type { ModelDescription } from "../../model/index.js";
import type { OnnxRuntime } from "../../runtime/index.js";
import { createRenderer, proceduralComplex } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { compareNeighbours } from "../orientation/compare-neighbours.js";
import type { CompareNeighbours } from "../orientation/index.js";
import { boxSpectra, SPECTRUM_LENGTH } from "../orientation/spectrum.js";
import { exampleFits } from "../pick/groups/example-fits.js";
import { groupCandidates } from "../pick/groups/groups.js";
import { refinePrototypes } from "../pick/groups/learn-prototypes.js";
import { learnTogether, membershipsAmong } from "../pick/groups/learn-together.js";
import { identify } from "../pick/identify.js";
import { takeRows } from "../rows.js";
import { nearestNeighbours } from "./nearest.js";
import { COMPARED_NEIGHBOURS, CORRELATION_WEIGHT, orientedNeighbours } from "./oriented-neighbours.js";

const runtime = onnxruntime as unknown as OnnxRuntime;
const EDGE = 32;
const VOXELS = EDGE ** 3;
const SIZE = 16;
/** The first two kinds have the same embeddings: only orientations tell them apart. */
const [KINDS, EACH] = [10, 12] as const;
/** All candidates with each other are compared once for all tests. */
const known = new Map<Float32Array, Promise<Float32Array>>();
const compare: CompareNeighbours = (boxes) => {
  const isAll = boxes.spectra === boxes.others;
  const correlations = (isAll && known.get(boxes.spectra)) || compareNeighbours(runtime, boxes, { tiltDegrees: 60 });
  if (isAll) known.set(boxes.spectra, correlations);
  return correlations;
};
const description = { similarity: "cosine", temperature: 18 } as ModelDescription;
const labels = Array.from({ length: KINDS * EACH }, (_, i) => i % KINDS);

/** Particles of made-up complexes in random poses; embeddings are drawn around an axis of each kind, one for the first two. */
function particles(snr: number) {
  const random = createRandom("oriented neighbours");
  const complexes = Array.from({ length: KINDS }, (_, k) =>
    proceduralComplex(random.fork("complex", k), { minimumKilodalton: 500, maximumKilodalton: 700 }),
  );
  const renderer = createRenderer({ boxSize: EDGE });
  const volumes = new Float32Array(labels.length * VOXELS);
  const mask = new Uint8Array(VOXELS);
  const embeddings = new Float32Array(labels.length * SIZE);
  for (const [i, label] of labels.entries()) {
    const volume = volumes.subarray(i * VOXELS, (i + 1) * VOXELS);
    renderer.render(complexes[label], { random: random.fork("particle", i), snr, into: { volume, mask } });
    const noise = random.fork("embedding", i);
    const row = Float32Array.from({ length: SIZE }, (_, j) => Number(j === Math.max(1, label)) + 0.07 * noise.normal());
    const length = Math.hypot(...row);
    embeddings.set(
      row.map((value) => value / length),
      i * SIZE,
    );
  }
  return { embeddings, size: SIZE, spectra: boxSpectra(volumes, EDGE) };
}

/** How many neighbours of the first two kinds are of the same kind, of those that are of either. */
function sameKind({ indices, neighbours }: { readonly indices: Int32Array; readonly neighbours: number }): number {
  let [same, of] = [0, 0];
  for (const [at, other] of indices.entries()) {
    const own = labels[Math.floor(at / neighbours)]!;
    if (own > 1 || labels[other]! > 1 || at % neighbours >= 6) continue;
    of++;
    if (labels[other] === own) same++;
  }
  return same / of;
}

let candidates: ReturnType<typeof particles>;
beforeAll(() => {
  candidates = particles(2);
});

describe("candidates turned onto each other", () => {
  test("those that embeddings cannot tell apart are nearest to their own kind", async () => {
    const nearest = nearestNeighbours(candidates.embeddings, SIZE, { neighbours: COMPARED_NEIGHBOURS });
    const oriented = await orientedNeighbours(candidates, nearest, compare, CORRELATION_WEIGHT.any);
    expect(sameKind(nearest)).toBeLessThan(0.6);
    expect(sameKind(oriented.nearest)).toBeGreaterThan(0.9);
  });

  test("correlations of noise do not spoil what embeddings tell", async () => {
    const noisy = particles(1e-4);
    const nearest = nearestNeighbours(noisy.embeddings, SIZE, { neighbours: COMPARED_NEIGHBOURS });
    const oriented = await orientedNeighbours(noisy, nearest, compare, CORRELATION_WEIGHT.any);
    const kindOf = (index: number) => Math.max(1, labels[index]!);
    const right = [...oriented.nearest.indices].filter((other, at) => {
      const own = Math.floor(at / oriented.nearest.neighbours);
      return at % oriented.nearest.neighbours < 6 && kindOf(other) === kindOf(own);
    });
    expect(right.length).toBeGreaterThan(0.99 * 6 * labels.length);
  });

  test("an example finds its own kind and not a relative with the same embeddings", async () => {
    const ownFirst = labels.indexOf(0);
    const examples = {
      embedded: { embeddings: takeRows(candidates.embeddings, [ownFirst], SIZE), size: SIZE },
      ...{ labels: [0], classCount: 1 },
    };
    // What comparing with the example tells of the relative: less than of its own kind.
    const likeness = Float32Array.from(labels, (label) => (label === 0 ? 0.2 : label === 1 ? 0.05 : Number.NaN));
    const evidence = { values: new Float32Array(labels.length), likeness };
    const options = { description, refine: true, openSet: { intercept: -2.5, slope: 2, knownShare: 0.5 }, evidence };
    const known = (groups: Awaited<ReturnType<typeof groupCandidates>>) =>
      identify(candidates, examples, { ...options, groups }).map((one) => one.knownProbability >= 0.5);
    const named = (of: readonly boolean[], kind: number) => of.filter((isKnown, i) => isKnown && labels[i] === kind);
    const oriented = known(await groupCandidates(candidates, compare));
    expect(named(oriented, 0).length).toBeGreaterThanOrEqual(EACH - 1);
    expect(named(oriented, 1).length).toBeLessThanOrEqual(1);
    expect(named(known(await groupCandidates(candidates)), 1).length).toBeGreaterThan(EACH / 2);
  });

  test("an example of a complex that is not there claims no group", async () => {
    const groups = (await groupCandidates(candidates, compare))!;
    const [own, absent] = [labels.indexOf(2), labels.indexOf(3)];
    // By its embedding, the example of the absent complex is of the third kind.
    const examples = {
      embedded: {
        embeddings: takeRows(candidates.embeddings, [own, labels.indexOf(4), own], SIZE),
        size: SIZE,
        spectra: takeRows(candidates.spectra, [own, labels.indexOf(4), absent], SPECTRUM_LENGTH),
      },
      ...{ labels: [0, 1, 2], classCount: 3 },
    };
    const fits = await exampleFits(examples, candidates, groups, compare);
    const ownersWith = (given?: Float32Array) => {
      const { owners } = refinePrototypes(candidates, examples, description, { groups, fits: given });
      return [0, 1, 2].map((label) => groups.sizes.filter((_, group) => owners![3 * group + label]! > 0).length);
    };
    expect(ownersWith().every((count) => count > 0)).toBe(true);
    const [first, second, third] = ownersWith(fits);
    expect(Math.min(first!, second!)).toBeGreaterThan(0);
    expect(third).toBe(0);
  });

  test("candidates that did not teach are of the groups of those like them; of those that did it is known", async () => {
    const taught = [...labels.keys()].filter((i) => i < 100);
    const others = [...labels.keys()].filter((i) => i >= 100);
    const part = (rows: readonly number[]) => ({
      embeddings: takeRows(candidates.embeddings, rows, SIZE),
      size: SIZE,
      spectra: takeRows(candidates.spectra, rows, SPECTRUM_LENGTH),
    });
    const examples = { embedded: part([0]), labels: [0], classCount: 1 };
    const lesson = { embedded: part(taught), evidence: undefined };
    const learnt = await learnTogether([lesson], examples, { description, compare });
    const { groupCount, memberships, labels: groups } = learnt!.taught!;
    let compared = 0;
    const counted: CompareNeighbours = (boxes) => {
      compared += boxes.indices.length;
      return compare(boxes);
    };
    expect(await membershipsAmong(part(taught), learnt!.taught!, counted)).toEqual(memberships);
    expect(compared).toBe(0);
    const found = await membershipsAmong(part(others), learnt!.taught!, counted);
    expect(compared).toBe(others.length * COMPARED_NEIGHBOURS);
    const likeliest = (row: number) => {
      const own = [...found.subarray(row * groupCount, (row + 1) * groupCount)];
      return own.indexOf(Math.max(...own));
    };
    const right = others.filter((i, row) => {
      const kin = taught.filter((j) => groups[j] === likeliest(row));
      return kin.filter((j) => labels[j] === labels[i]).length > kin.length / 2;
    });
    expect(right.length).toBeGreaterThanOrEqual(others.length - 1);
  });
});
