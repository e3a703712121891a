import { existsSync } from "node:fs";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ParticleList, writeMrc } from "../../../io/index.js";
import { createFft3, createRandom, createVolume, type Volume, wedgeMask } from "../../../volume/index.js";
import { writeParticleListFile } from "../list-file.js";
import { openSubtomograms } from "./open-subtomograms.js";

const VOXEL = 10;
const EDGE = 32;
const TILT = 50;
let folder: string;
const inFolder = (name: string): string => join(folder, name);

/** Noise with a missing wedge about y. */
function wedgedNoise(edge: number): Volume {
  const random = createRandom("wedged");
  const fft = createFft3([edge, edge, edge]);
  const spectrum = fft.createSpectrum();
  const data = Float32Array.from({ length: edge ** 3 }, () => random.normal());
  fft.forward(data, spectrum);
  wedgeMask([edge, edge, edge], TILT).forEach((measured, at) => {
    spectrum[2 * at] *= measured;
    spectrum[2 * at + 1] *= measured;
  });
  fft.inverse(spectrum, data);
  return createVolume([edge, edge, edge], VOXEL, data);
}

const list: ParticleList = {
  particles: Array.from({ length: 27 }, (_, i) => ({
    positionAngstrom: {
      x: 162 + 160 * (i % 3),
      y: 158 + 160 * (Math.floor(i / 3) % 3),
      z: 160 + 160 * Math.floor(i / 9),
    },
    tomogramName: "TS_1.mrc",
    extra: {},
  })),
  ...{ origin: "first-voxel", voxelSizeAngstrom: VOXEL, coordinatePixelSizeAngstrom: VOXEL, warnings: [] },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-subtomograms-"));
  await writeFile(inFolder("TS_1.mrc"), writeMrc(wedgedNoise(64)));
  await writeParticleListFile(inFolder("picks.star"), list, { format: "relion3.1" });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("boxes of a tomogram: the wedge is measured, given or read, and it is said which", async () => {
  await using measured = await openSubtomograms(inFolder("picks.star"), { edge: EDGE });
  const first = await measured.read(0);
  expect(first).toMatchObject({
    voxelSizeAngstrom: VOXEL,
    weightSource: "measured",
    centreAngstrom: { x: 160, y: 160, z: 160 },
  });
  expect(first.shiftVoxels.x).toBeCloseTo(0.2, 5);
  expect(first.shiftVoxels.y).toBeCloseTo(-0.2, 5);
  expect(measured.weights()[0]).toMatch(/tilts of ±(50|52|54) degrees about y with the beam along z, measured in 24/);
  await using given = await openSubtomograms(inFolder("picks.star"), { edge: EDGE, tiltRangeDegrees: [-TILT, TILT] });
  const { subtomogram, weightSource } = await given.read(1);
  expect(weightSource).toBe("given");
  expect(subtomogram.weight).toEqual(Float32Array.from(wedgeMask([EDGE, EDGE, EDGE], TILT)));
  await writeFile(inFolder("TS_1.tlt"), "-50\n0\n50\n");
  await using read = await openSubtomograms(inFolder("picks.star"), { edge: EDGE });
  expect((await read.read(1)).weightSource).toBe("read");
  expect((await read.read(1)).subtomogram).toEqual(subtomogram);
  expect(read.weights()[0]).toContain("tilts of -50 to 50 degrees about y with the beam along z, as ");
  await rm(inFolder("TS_1.tlt"));
  const two = { ...list, particles: list.particles.slice(0, 2) };
  await using few = await openSubtomograms(inFolder("picks.star"), { edge: EDGE, list: two });
  await few.read(0);
  expect(few.warnings().join()).toContain("measured in 2 boxes only and uncertain");
});

test("boxes are cut at the tomogram's own voxels, and say what they need", async () => {
  await using reader = await openSubtomograms(inFolder("picks.star"));
  await expect(reader.read(0)).rejects.toThrow("their edge is not given");
  await using coarse = await openSubtomograms(inFolder("picks.star"), { edge: 16, voxelSizeAngstrom: 20 });
  expect(await coarse.read(13)).toMatchObject({ voxelSizeAngstrom: 20, subtomogram: { edge: 16 } });
});

const RIBOSOMES = join(import.meta.dirname, "../../../../../shared/data/real/ribosomes_10499");

describe.skipIf(!existsSync(RIBOSOMES))("real ribosomes", () => {
  test("2-D stacks and boxes with weights of the same particle agree", async () => {
    await using stacks = await openSubtomograms(join(RIBOSOMES, "tilts", "particles.star"));
    const path = inFolder("boxes.star");
    for (const ending of [".mrc", "_weight.mrc"])
      await copyFile(join(RIBOSOMES, `Unt_083_01${ending}`), inFolder(`Unt_083_01${ending}`));
    await writeFile(path, "data_particles\nloop_\n_rlnImageName\nUnt_083_01.mrc\n");
    await using boxes = await openSubtomograms(path);
    const [a, b] = [await stacks.read(0), await boxes.read(0)];
    expect([a.weightSource, b.weightSource, a.voxelSizeAngstrom, b.voxelSizeAngstrom]).toEqual([
      "read",
      "read",
      12,
      12,
    ]);
    expect(boxes.warnings().join()).toContain("divided by their Fourier weights");
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = 0; i < a.subtomogram.spectrum.length; i++) {
      const [p, q] = [a.subtomogram.spectrum[i]!, b.subtomogram.spectrum[i]!];
      [ab, aa, bb] = [ab + p * q, aa + p * p, bb + q * q];
    }
    // The others' weights are of a coarser interpolation.
    expect(ab / Math.sqrt(aa * bb)).toBeGreaterThan(0.6);
  });
});
