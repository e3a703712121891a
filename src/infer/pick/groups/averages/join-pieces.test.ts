import * as onnxruntime from "onnxruntime-node";
import { expect, test } from "vitest";
import type { OnnxRuntime } from "../../../../runtime/index.js";
import { createRenderer, proceduralComplex } from "../../../../simulate/index.js";
import { createRandom } from "../../../../volume/index.js";
import { nearestNeighbours } from "../../../cluster/nearest.js";
import { createAverager } from "../../../orientation/index.js";
import { boxSpectra } from "../../../orientation/spectrum.js";
import { membersOf } from "./centres.js";
import { joinPieces } from "./join-pieces.js";

const runtime = onnxruntime as unknown as OnnxRuntime;
const [EDGE, SIZE] = [32, 8];
/** Two complexes, and boxes of noise alone, in which there is nothing to turn onto each other. */
const [COMPLEXES, EACH] = [2, 16];
const kinds = Array.from({ length: (COMPLEXES + 1) * EACH }, (_, i) => Math.floor(i / EACH));

/** In random poses, with a missing wedge; embeddings are the same but for noise, so that they tell nothing. */
function boxes() {
  const random = createRandom("join pieces");
  const complexes = Array.from({ length: COMPLEXES }, (_, k) =>
    proceduralComplex(random.fork("complex", k), { minimumKilodalton: 500, maximumKilodalton: 600 }),
  );
  const renderer = createRenderer({ boxSize: EDGE });
  const volumes = new Float32Array(kinds.length * EDGE ** 3);
  const mask = new Uint8Array(EDGE ** 3);
  for (const [i, kind] of kinds.entries()) {
    const volume = volumes.subarray(i * EDGE ** 3, (i + 1) * EDGE ** 3);
    const own = { random: random.fork("particle", i), into: { volume, mask } };
    renderer.render(complexes[Math.min(kind, COMPLEXES - 1)]!, { ...own, snr: kind < COMPLEXES ? 0.7 : 1e-6 });
  }
  const embeddings = new Float32Array(kinds.length * SIZE);
  for (let row = 0; row < kinds.length; row++) {
    const noise = random.fork("embedding", row);
    const values = Array.from({ length: SIZE }, (_, j) => Number(j === 0) + 0.1 * noise.normal());
    const length = Math.hypot(...values);
    for (const [j, value] of values.entries()) embeddings[row * SIZE + j] = value / length;
  }
  return { embeddings, size: SIZE, spectra: boxSpectra(volumes, EDGE) };
}

test("pieces of one complex are joined, those of two are not, and what holds no complex tells nothing", async () => {
  const candidates = boxes();
  const nearest = nearestNeighbours(candidates.embeddings, SIZE, { neighbours: 8 });
  await using averager = await createAverager(runtime, { tiltDegrees: 60, typical: candidates.spectra });
  // Two pieces of each.
  const pieces = Int32Array.from(kinds, (kind, i) => 2 * kind + (i % 2));
  const { labels, averages } = await joinPieces(pieces, candidates, nearest, averager);
  const groupOf = (kind: number) => labels.subarray(kind * EACH, (kind + 1) * EACH);
  for (const kind of [0, 1]) expect(new Set(groupOf(kind)).size).toBe(1);
  expect(groupOf(0)[0]).not.toBe(groupOf(1)[0]);
  for (const members of membersOf(labels)) expect(new Set(members.map((row) => kinds[row])).size).toBe(1);
  expect(averages[groupOf(0)[0]!]!.reliability).toBeGreaterThan(0.8);
  for (const group of groupOf(2)) expect(averages[group]).toBeUndefined();
});
