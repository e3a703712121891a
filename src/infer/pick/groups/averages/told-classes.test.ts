import * as onnxruntime from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import type { ModelDescription } from "../../../../model/index.js";
import type { OnnxRuntime } from "../../../../runtime/index.js";
import { createRenderer, proceduralComplex } from "../../../../simulate/index.js";
import { createRandom } from "../../../../volume/index.js";
import type { OrientedCandidates } from "../../../cluster/oriented-neighbours.js";
import { compareNeighbours } from "../../../orientation/compare-neighbours.js";
import { createAverager } from "../../../orientation/index.js";
import { boxSpectra, SPECTRUM_LENGTH } from "../../../orientation/spectrum.js";
import { takeRows } from "../../../rows.js";
import { identify } from "../../identify.js";
import { groupCandidates } from "../groups.js";
import { averageFits } from "./average-fits.js";
import { type ToldClasses, toldClasses } from "./told-classes.js";
import { type ToldGroups, toldGroups } from "./told-groups.js";

const runtime = onnxruntime as unknown as OnnxRuntime;
const [EDGE, SIZE, TILT] = [32, 16, 60];
const description = { similarity: "cosine", temperature: 18 } as ModelDescription;
/** Two complexes, three particles of a third, noise, and one example of each of the three. */
const [FIRST, SECOND, RARE, NOISE] = [0, 1, 2, 3] as const;
const kinds = [FIRST, SECOND, RARE, NOISE].flatMap((kind, i) => Array<number>([20, 20, 3, 24][i]!).fill(kind));
const examples = { rows: [kinds.length, kinds.length + 1, kinds.length + 2], labels: [0, 1, 2], classCount: 3 };

type Boxes = OrientedCandidates;

/** Embeddings are drawn around an axis of each kind; of noise, they are like those of the first complex. */
function boxes(): Boxes {
  const random = createRandom("told classes");
  const complexes = [FIRST, SECOND, RARE].map((k) =>
    proceduralComplex(random.fork("complex", k), { minimumKilodalton: 500, maximumKilodalton: 700 }),
  );
  const renderer = createRenderer({ boxSize: EDGE });
  const all = [...kinds, FIRST, SECOND, RARE];
  const volumes = new Float32Array(all.length * EDGE ** 3);
  const mask = new Uint8Array(EDGE ** 3);
  const embeddings = new Float32Array(all.length * SIZE);
  for (const [i, kind] of all.entries()) {
    const volume = volumes.subarray(i * EDGE ** 3, (i + 1) * EDGE ** 3);
    const own = { random: random.fork("particle", i), into: { volume, mask } };
    renderer.render(complexes[kind % NOISE]!, { ...own, snr: kind === NOISE ? 1e-6 : 1 });
    const noise = random.fork("embedding", i);
    const like = kind === NOISE ? FIRST : kind;
    const row = Float32Array.from({ length: SIZE }, (_, j) => Number(j === like || j === kind) + 0.08 * noise.normal());
    const length = Math.hypot(...row);
    for (const [j, value] of row.entries()) embeddings[i * SIZE + j] = value / length;
  }
  return { embeddings, size: SIZE, spectra: boxSpectra(volumes, EDGE) };
}

const rowsOfBoxes = ({ embeddings, spectra }: Boxes, rows: readonly number[]): Boxes => ({
  ...{ embeddings: takeRows(embeddings, rows, SIZE), size: SIZE },
  spectra: takeRows(spectra, rows, SPECTRUM_LENGTH),
});

const compare = (given: Parameters<typeof compareNeighbours>[1]) =>
  compareNeighbours(runtime, given, { tiltDegrees: TILT });

let candidates: Boxes;
let supports: { embedded: Boxes; labels: number[]; classCount: number };
let groups: ToldGroups;
let told: ToldClasses;
beforeAll(async () => {
  const all = boxes();
  candidates = rowsOfBoxes(all, [...kinds.keys()]);
  const { rows, labels, classCount } = examples;
  supports = { embedded: rowsOfBoxes(all, rows), labels, classCount };
  await using averager = await createAverager(runtime, { tiltDegrees: TILT, typical: candidates.spectra });
  groups = await toldGroups(candidates, compare, averager);
  const fits = await averageFits(supports, groups, averager);
  told = toldClasses(candidates, supports, groups, fits!, description);
});

/** Likely for what is half like an example, see `nearness`. */
const openSet = { intercept: -3, slope: 5, knownShare: 0.5 };
const named = (kind: number, options: object = {}) =>
  identify(candidates, supports, { description, refine: true, openSet, ...options })
    .filter((_, i) => kinds[i] === kind)
    .map(({ knownProbability, classIndex }) => (knownProbability >= 0.5 ? classIndex : -1));

describe("few kinds of candidates", () => {
  test("are grouped by averages, where there were no groups, and noise is of none of the classes", async () => {
    expect(await groupCandidates(candidates, compare)).toBeUndefined();
    for (const kind of [FIRST, SECOND]) {
      const own = [...groups.labels.filter((_, i) => kinds[i] === kind)];
      expect(own.filter((group) => group >= 0 && group === own.at(1)).length).toBeGreaterThanOrEqual(18);
    }
    for (const [i, group] of groups.labels.entries()) if (kinds[i] === NOISE) expect(group).toBe(-1);
    expect(told.isShown).toEqual([true, true, false]);
    expect(named(FIRST, { told }).filter((label) => label === FIRST).length).toBeGreaterThanOrEqual(19);
    expect(named(SECOND, { told }).filter((label) => label === SECOND).length).toBeGreaterThanOrEqual(19);
    // By the open set alone, noise is taken for the class that it is most like.
    expect(named(NOISE).filter((label) => label >= 0).length).toBeGreaterThan(12);
    expect(named(NOISE, { told }).filter((label) => label === FIRST)).toEqual([]);
  });

  test("a class that is too rare for an average is named by the open set, beside the groups", () => {
    // They have a group of another complex.
    expect(groups.labels.some((group, i) => kinds[i] === RARE && group >= 0)).toBe(true);
    expect(named(RARE, { told })).toEqual([RARE, RARE, RARE]);
  });

  test("are of the same groups in any order", async () => {
    const order = createRandom("another order").sample(kinds.length, kinds.length);
    const others = rowsOfBoxes(candidates, order);
    await using averager = await createAverager(runtime, { tiltDegrees: TILT, typical: others.spectra });
    const again = await toldGroups(others, compare, averager);
    const count = groups.averages.length;
    expect(again.memberships).toEqual(takeRows(groups.memberships, order, count));
    expect([...again.labels]).toEqual(order.map((row) => groups.labels[row]));
    expect(again.averages).toEqual(groups.averages);
  });

  test("where nothing is told, candidates are what they were", () => {
    const nothing = {
      shares: new Float32Array(kinds.length * 3),
      untold: new Float32Array(kinds.length).fill(1),
      isShown: [false, false, false],
    };
    for (const kind of [FIRST, SECOND, RARE, NOISE]) expect(named(kind, { told: nothing })).toEqual(named(kind));
  });

  test("of many kinds, groups decide, and what averages tell changes nothing", () => {
    const labels = Int32Array.from(kinds);
    const centres = rowsOfBoxes(candidates, [0, 20, 40, 43]);
    const memberships = new Float32Array(kinds.length * 4);
    for (const [row, kind] of kinds.entries()) memberships[4 * row + kind] = 1;
    const oriented = { memberships, levels: new Float32Array(kinds.length), cohesion: [] };
    const of = { groups: { centres, sizes: [20, 20, 3, 24], labels, oriented } };
    for (const kind of [FIRST, SECOND, RARE, NOISE]) expect(named(kind, { ...of, told })).toEqual(named(kind, of));
  });
});

test("a few candidates have no groups", async () => {
  const few = rowsOfBoxes(candidates, [0, 1, 2]);
  await using averager = await createAverager(runtime, { tiltDegrees: TILT, typical: few.spectra });
  const none = await toldGroups(few, compare, averager);
  expect([...none.labels]).toEqual([-1, -1, -1]);
  expect(none.averages).toEqual([]);
});
