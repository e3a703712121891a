import * as onnxruntime from "onnxruntime-node";
import { expect, test } from "vitest";
import type { OnnxRuntime } from "../../../runtime/index.js";
import {
  createRandom,
  NO_SYMMETRY,
  type PointGroupName,
  rotateVector,
  symmetryOperators,
} from "../../../volume/index.js";
import { createFrequencies } from "../../align/frequencies.js";
import { createSubtomogramMaker } from "../../align/subtomogram.js";
import { powerFraction, sphereMask } from "../sphere-mask.js";
import { createAverager } from "./iteration.js";
import { readParticleBand } from "./particle-band.js";
import { refineWithSymmetry } from "./refine-with-symmetry.js";
import { sumBoxes } from "./sum-boxes.js";

const runtime = onnxruntime as unknown as OnnxRuntime;
const EDGE = 20;
const VOXEL_SIZE_ANGSTROM = 12;

/** Blobs at all equivalents of a few places, which are about the box centre. */
function volumeOf(pointGroup: PointGroupName): Float32Array {
  const places = [
    { x: 4, y: 1, z: 2 },
    { x: -1, y: 4.5, z: -2.5 },
    { x: 2, y: -3, z: 1 },
  ].flatMap((place) => symmetryOperators(pointGroup).map((operator) => rotateVector(operator, place)));
  return Float32Array.from({ length: EDGE ** 3 }, (_, at) => {
    const [x, y, z] = [at % EDGE, Math.floor(at / EDGE) % EDGE, Math.floor(at / EDGE / EDGE)].map((i) => i - EDGE / 2);
    return places.reduce((sum, p) => sum + Math.exp(-((x - p.x) ** 2 + (y - p.y) ** 2 + (z - p.z) ** 2) / 3), 0);
  });
}

const POSE = {
  ...{ rotation: NO_SYMMETRY.rotation, shiftVoxels: { x: 0, y: 0, z: 0 } },
  ...{ reference: 0, probability: 1, presence: 1, evidence: 10 },
};

/** Noisy copies in one pose. */
function copiesOf(pointGroup: PointGroupName) {
  const random = createRandom("copies");
  const signal = volumeOf(pointGroup);
  const make = createSubtomogramMaker(EDGE);
  const everything = new Float32Array(EDGE * EDGE * (EDGE / 2 + 1)).fill(1);
  return Array.from({ length: 8 }, () =>
    make(
      signal.map((value) => value + 0.2 * random.normal()),
      everything,
    ),
  );
}

/** Their average, in which C2 is said to have been found, or was given. */
async function averageOf(pointGroup: PointGroupName, { isSymmetryGiven = false } = {}) {
  const random = createRandom("phases");
  const copies = copiesOf(pointGroup);
  const { averages } = await sumBoxes(
    { count: copies.length, edge: EDGE, voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM, read: (index) => copies[index] },
    copies.map((_, i) => ({ ...POSE, isSetAside: false, half: i % 2 === 0 ? 0 : 1 })),
    [{ ...NO_SYMMETRY, pointGroup: "C2", score: 0.9, isSeen: true }],
    { mask: sphereMask(EDGE, 7, 2), random, leastAngstrom: 60, isSymmetryGiven },
  );
  return averages[0];
}

test("a symmetry that the halves keep to in their final poses is imposed", async () => {
  expect((await averageOf("C2")).symmetry).toMatchObject({ pointGroup: "C2", score: 0.9 });
});

test("one that is given is imposed in any case, and it is said whether they keep to it", async () => {
  const given = { isSymmetryGiven: true };
  expect((await averageOf("C2", given)).symmetry).toMatchObject({ pointGroup: "C2", isSeen: true });
  const { symmetry, volume } = await averageOf("C1", given);
  expect(symmetry).toMatchObject({ pointGroup: "C2", isSeen: false });
  const at = (x: number, y: number, z: number) => volume[((z + EDGE / 2) * EDGE + y + EDGE / 2) * EDGE + x + EDGE / 2];
  expect(at(4, 1, 2)).toBeCloseTo(at(-4, -1, 2), 1);
});

test("one that they do not keep to is not, however it was found", async () => {
  const { symmetry, volume } = await averageOf("C1");
  expect(symmetry).toMatchObject({ pointGroup: "C1", lost: "C2" });
  // The first place's density is where it was, and not as much on the other side.
  const at = (x: number, y: number, z: number) => volume[((z + EDGE / 2) * EDGE + y + EDGE / 2) * EDGE + x + EDGE / 2];
  expect(at(4, 1, 2)).toBeGreaterThan(2 * at(-4, -1, 2));
});

test("one that did not show at first is looked for again in refined poses, once", async () => {
  const copies = copiesOf("C2");
  const mask = sphereMask(EDGE, 7, 2);
  const frequencies = createFrequencies(EDGE, 6);
  const band = await readParticleBand({ frequencies, mask, count: copies.length, read: (index) => copies[index] });
  await using averager = createAverager(runtime, { band, mask, threads: 1 });
  const refined = (rounds: number, wanted: "find" | "C1" = "find") =>
    refineWithSymmetry(
      averager,
      {
        ...{ poses: copies.map(() => POSE), noise: new Float32Array(7).fill(30), correlations: [] },
        ...{ rounds, lookedAfter: rounds, symmetries: [NO_SYMMETRY] },
      },
      {
        ...{ band, mask, left: powerFraction(mask), references: 1, voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM },
        ...{
          halves: [
            [0, 2, 4, 6],
            [1, 3, 5, 7],
          ],
          symmetry: wanted,
          fineness: {
            shell: 4,
            rotations: 100,
            shifts: [POSE.shiftVoxels],
            logPriors: new Float32Array(1),
            mayBeNoise: true,
          },
          random: createRandom("likely poses"),
        },
      },
    );
  expect((await refined(2)).symmetries).toMatchObject([{ pointGroup: "C2", isSeen: true }]);
  expect((await refined(2, "C1")).symmetries).toMatchObject([{ pointGroup: "C1" }]);
  expect((await refined(4)).symmetries).toMatchObject([{ pointGroup: "C1" }]);
});
