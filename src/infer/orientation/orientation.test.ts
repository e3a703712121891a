import fc from "fast-check";
import * as onnxruntime from "onnxruntime-node";
import { expect, test } from "vitest";
import type { OnnxRuntime } from "../../runtime/index.js";
import { createRenderer, proceduralComplex } from "../../simulate/index.js";
import {
  angleBetweenQuaternions,
  createRandom,
  quaternionFromMatrix,
  randomQuaternion,
  rotateVolume,
} from "../../volume/index.js";
import { band } from "./band.js";
import { createOrientationComparer } from "./compare.js";
import { compareOrientations, type OrientationEvidence } from "./compare-orientations.js";
import { evenRotations } from "./rotations.js";
import { boxSpectra, SPECTRUM_LENGTH } from "./spectrum.js";

const runtime = onnxruntime as unknown as OnnxRuntime;
const EDGE = 32;
const VOXELS = EDGE ** 3;

/** Particles of three complexes of like mass in random poses, off centre, with a missing wedge. */
function particles(snr: number, perClass: number) {
  const random = createRandom("orientation test");
  const complexes = [1, 2, 3].map((k) =>
    proceduralComplex(random.fork("complex", k), { minimumKilodalton: 400, maximumKilodalton: 500 }),
  );
  const renderer = createRenderer({ boxSize: EDGE });
  const labels = Array.from({ length: 3 * perClass }, (_, i) => i % 3);
  const volumes = new Float32Array(labels.length * VOXELS);
  const mask = new Uint8Array(VOXELS);
  for (const [i, label] of labels.entries())
    renderer.render(complexes[label], {
      random: random.fork("particle", i),
      snr,
      into: { volume: volumes.subarray(i * VOXELS, (i + 1) * VOXELS), mask },
    });
  return { volumes, labels };
}

test("600 rotations leave none farther than 25 degrees, and are all different", () => {
  const rotations = evenRotations(600).map(quaternionFromMatrix);
  const random = createRandom("coverage");
  const farthest = Array.from({ length: 400 }, () => {
    const one = randomQuaternion(random);
    return Math.min(...rotations.map((rotation) => angleBetweenQuaternions(one, rotation)));
  });
  expect(Math.max(...farthest)).toBeLessThan(25);
  const nearest = rotations
    .slice(0, 50)
    .map((one, i) =>
      Math.min(...rotations.filter((_, j) => j !== i).map((other) => angleBetweenQuaternions(one, other))),
    );
  expect(Math.min(...nearest)).toBeGreaterThan(8);
});

test("a band holds one of each frequency and its mirror image", () => {
  const names = new Set(Array.from({ length: band.count }, (_, k) => `${band.x[k]} ${band.y[k]} ${band.z[k]}`));
  expect(names.size).toBe(band.count);
  for (let k = 0; k < band.count; k++)
    expect(names.has(`${0 - band.x[k]} ${0 - band.y[k]} ${0 - band.z[k]}`)).toBe(false);
});

test("a body turned and moved in any way is found again; another body is less alike", async () => {
  const { volumes } = particles(Number.POSITIVE_INFINITY, 1);
  const spectra = boxSpectra(volumes, EDGE);
  await using comparer = await createOrientationComparer(runtime, { tiltDegrees: undefined, typical: spectra });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), async (seed) => {
      const random = createRandom(seed);
      const [z, y, x] = [0, 1, 2].map(() => random.uniform(-2, 2));
      const first = { data: volumes.slice(0, VOXELS), shape: [EDGE, EDGE, EDGE] as const, voxelSizeAngstrom: 10 };
      const turned = rotateVolume(first, randomQuaternion(random), {
        shiftVoxels: { x, y, z },
        interpolation: "cubic",
      });
      const [same, second, third] = await comparer.compare(boxSpectra(turned.data, EDGE), spectra);
      // 0.69 to 0.9: least where the rotation lies as far as can be, 25 degrees, from those that are tried.
      expect(same).toBeGreaterThan(0.6);
      expect(same).toBeGreaterThan(Math.max(second, third) + 0.05);
    }),
    { numRuns: 4, examples: [[999982]] },
  );
});

test("correlations are of the measured frequencies alone, and symmetric but for the steps of the rotations", async () => {
  const { volumes } = particles(2, 2);
  const spectra = boxSpectra(volumes, EDGE);
  await using comparer = await createOrientationComparer(runtime, { tiltDegrees: 60, typical: spectra });
  const correlations = await comparer.compare(spectra, spectra);
  for (let i = 0; i < 6; i++)
    for (let j = 0; j < 6; j++) {
      expect(correlations[6 * i + j]).toBeLessThanOrEqual(1 + 1e-5);
      expect(Math.abs(correlations[6 * i + j] - correlations[6 * j + i])).toBeLessThan(0.12);
    }
  // What is in the missing wedge of a box does not count.
  const changed = spectra.slice();
  for (let k = 0; k < band.count; k++) if (band.x[k] === 0 && band.z[k] !== 0) changed[k] += 1e6;
  const again = await comparer.compare(changed.subarray(0, SPECTRUM_LENGTH), spectra);
  for (let j = 0; j < 6; j++) expect(again[j]).toBeCloseTo(correlations[j], 5);
});

test("filters change no correlation, noise apart: every box counts for its shape alone", async () => {
  const { volumes } = particles(2, 2);
  const spectra = boxSpectra(volumes, EDGE);
  await using comparer = await createOrientationComparer(runtime, { tiltDegrees: 60, typical: spectra });
  const correlations = await comparer.compare(spectra, spectra);
  // A filter of its own for each box: contrast of the other sign at some frequencies changes phases, so none does here.
  const filtered = spectra.map((value, at) => {
    const [box, shell] = [Math.floor(at / SPECTRUM_LENGTH), band.shell[(at % SPECTRUM_LENGTH) % band.count]];
    return value * (1 + box) * Math.exp((box - 3) * 0.3 * shell);
  });
  const again = await comparer.compare(filtered, filtered);
  for (const [i, correlation] of again.entries()) expect(correlation).toBeCloseTo(correlations[i], 2);
});

test("a box off centre is compared around its mask", () => {
  const { volumes } = particles(2, 1);
  const box = volumes.subarray(0, VOXELS);
  const mask = new Float32Array(VOXELS);
  const [moved, movedMask] = [new Float32Array(VOXELS), new Float32Array(VOXELS)];
  const at = (z: number, y: number, x: number) => (z * EDGE + y) * EDGE + x;
  for (let z = 13; z < 20; z++) for (let y = 13; y < 20; y++) for (let x = 13; x < 20; x++) mask[at(z, y, x)] = 0.9;
  for (let z = 0; z < EDGE; z++)
    for (let y = 0; y < EDGE; y++)
      for (let x = 0; x < EDGE; x++) {
        const to = at((z + 3) % EDGE, (y + EDGE - 4) % EDGE, x);
        [moved[to], movedMask[to]] = [box[at(z, y, x)], mask[at(z, y, x)]];
      }
  const expected = boxSpectra(box, EDGE);
  expect(boxSpectra(box, EDGE, mask)).toEqual(expected);
  expect(boxSpectra(moved, EDGE, movedMask)).toEqual(expected);
  expect(boxSpectra(moved, EDGE)).not.toEqual(expected);
  expect(boxSpectra(box, EDGE, new Float32Array(VOXELS))).toEqual(expected); // an empty mask says nothing
});

test("evidence names the class where the embeddings tell nothing, with the surest boxes better than without", async () => {
  const { volumes, labels } = particles(0.4, 10);
  const spectra = boxSpectra(volumes, EDGE);
  const rows = (from: number, to: number) => ({
    embeddings: new Float32Array(2 * (to - from)),
    size: 2,
    spectra: spectra.slice(from * SPECTRUM_LENGTH, to * SPECTRUM_LENGTH),
  });
  const count = labels.length - 3;
  const queries = {
    embedded: rows(3, labels.length),
    examples: { embedded: rows(0, 3), labels: [0, 1, 2], classCount: 3 },
    similarities: new Float32Array(3 * count),
  };
  const classesOf = ({ values }: OrientationEvidence) =>
    Array.from({ length: count }, (_, i) => {
      const row = [...values.subarray(3 * i, 3 * i + 3)];
      expect(row[0] + row[1] + row[2]).toBeCloseTo(0, 4);
      return { classIndex: row.indexOf(Math.max(...row)), probability: Math.min(1, 0.5 + Math.max(...row)) };
    });
  const right = (evidence: OrientationEvidence | undefined) =>
    classesOf(evidence!).filter(({ classIndex }, i) => classIndex === labels[i + 3]).length;
  const byExamples = right(await compareOrientations(runtime, queries, { tiltDegrees: 60 }));
  const bySurest = right(await compareOrientations(runtime, queries, { tiltDegrees: 60, identify: classesOf }));
  expect(byExamples).toBeGreaterThan(0.6 * count);
  expect(bySurest).toBeGreaterThanOrEqual(byExamples);
  const without = await compareOrientations(runtime, queries, { tiltDegrees: 60, leftOut: new Set([1]) });
  for (let i = 0; i < count; i++) {
    const [first, second, third] = without!.values.subarray(3 * i, 3 * i + 3);
    expect(second).toBe(0);
    expect(without!.likeness[3 * i + 1]).toBeNaN();
    expect(first + third).toBeCloseTo(0, 4);
  }
  const like = queries.similarities.map((_, i) => Number(i % 3 === 1));
  const none = await compareOrientations(
    runtime,
    { ...queries, similarities: like },
    { tiltDegrees: 60, leftOut: new Set([1]) },
  );
  expect(none!.values.every((value) => value === 0)).toBe(true);
  expect(none!.likeness.every(Number.isNaN)).toBe(true);
  const one = { ...queries, examples: { ...queries.examples, labels: [0, 0, 0], classCount: 1 } };
  expect(await compareOrientations(runtime, one, { tiltDegrees: 60 })).toBeUndefined();
});
