import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeMrc } from "../../../io/index.js";
import { centreIndex, createFft3, createRandom, createVolume, type Shape3 } from "../../../volume/index.js";
import { readParticleBoxes } from "../boxes.js";
import { openSubtomograms } from "./open-subtomograms.js";

const EDGE = 16;
const HALF = EDGE / 2 + 1;
const VOXEL = 10;
let folder: string;
const inFolder = (name: string): string => join(folder, name);

/** A weight that is even under inversion, in the order of `Fft3`: small along z, larger along x. */
const weight = new Float32Array(EDGE * EDGE * HALF);
/** A box of white noise, its spectrum times a power of the weight. */
async function writeBox(name: string, power: number): Promise<void> {
  const random = createRandom("weights");
  const fft = createFft3([EDGE, EDGE, EDGE]);
  const spectrum = fft.createSpectrum();
  const data = Float32Array.from({ length: EDGE ** 3 }, () => random.normal());
  fft.forward(data, spectrum);
  for (let at = 0; at < weight.length; at++) {
    const factor = weight[at]! === 0 ? 0 : weight[at]! ** power;
    spectrum[2 * at]! *= factor;
    spectrum[2 * at + 1]! *= factor;
  }
  fft.inverse(spectrum, data);
  await writeFile(inFolder(name), writeMrc(createVolume([EDGE, EDGE, EDGE], VOXEL, data)));
}

async function writeValues(name: string, shape: Shape3, valueAt: (z: number, y: number, x: number) => number) {
  const [nz, ny, nx] = shape;
  const data = new Float32Array(nz * ny * nx);
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++, i++) data[i] = valueAt(z, y, x);
  await writeFile(inFolder(name), writeMrc(createVolume(shape, VOXEL, data)));
}
/** As a cube with zero frequency in the middle. */
const writeCube = (name: string, power = 1) =>
  writeValues(name, [EDGE, EDGE, EDGE], (...indices) => {
    const [z, y, x] = indices.map((index) => index - centreIndex(EDGE)) as [number, number, number];
    const sign = x < 0 ? -1 : 1;
    const wrapped = (k: number) => (sign * k + EDGE) % EDGE;
    return weight[(wrapped(z) * EDGE + wrapped(y)) * HALF + Math.abs(x)]! ** power;
  });

async function opened(star: string) {
  await writeFile(inFolder("list.star"), star);
  await using reader = await openSubtomograms(inFolder("list.star"));
  const { subtomogram, weightSource } = await reader.read(0);
  return { ...subtomogram, weightSource, statements: reader.weights().join(), warnings: reader.warnings().join() };
}
const list = (columns: string, row: string) => `data_particles\nloop_\n_rlnImageName\n${columns}${row}\n`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-weights-"));
  for (let z = 0, at = 0; z < EDGE; z++)
    for (let y = 0; y < EDGE; y++)
      for (let x = 0; x < HALF; x++, at++) {
        const [kz, ky] = [z, y].map((k) => Math.min(k, EDGE - k)) as [number, number];
        weight[at] = kz > 2 * x + 1 ? 0 : (1 + x + ky / 4) / (1 + kz);
      }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("RELION's pseudo-subtomograms and their halves of weights are taken as they are", async () => {
  await writeBox("1_data.mrc", 0.5);
  await writeValues("1_weights.mrc", [2 * EDGE, EDGE, HALF], (z, y, x) =>
    z < EDGE ? weight[(z * EDGE + y) * HALF + x]! : 1,
  );
  const {
    weight: read,
    spectrum,
    statements,
    warnings,
  } = await opened(list("_rlnCtfImage\n", "1_data.mrc 1_weights.mrc"));
  expect(read).toEqual(weight);
  expect([statements, warnings]).toEqual([expect.stringContaining("multiplied by their contrast transfer"), ""]);
  // The noise is white over the root of the weight, of variance 1 in each voxel.
  let [power, count] = [0, 0];
  for (let at = 1; at < weight.length; at++)
    if (weight[at]! > 0) {
      power += (spectrum[2 * at]! ** 2 + spectrum[2 * at + 1]! ** 2) / weight[at]! / EDGE ** 3;
      count++;
    }
  expect(power / count).toBeCloseTo(1, 1);
});

test("the same weight beside the box is found, and what the box has to do with it is measured", async () => {
  await writeBox("multiplied.mrc", 0.5);
  await writeCube("multiplied_weight.mrc");
  const multiplied = await opened(list("", "multiplied.mrc"));
  expect(multiplied).toMatchObject({
    weightSource: "read",
    warnings: expect.stringContaining("multiplied by their Fourier"),
  });
  await writeBox("restored.mrc", -0.5);
  await writeCube("restored_weight.mrc");
  const restored = await opened(list("", "restored.mrc"));
  expect(restored.warnings).toContain("divided by their Fourier weights");
  expect(restored.weight).toEqual(multiplied.weight);
  for (const [i, value] of restored.spectrum.entries())
    expect(Math.abs(value - multiplied.spectrum[i]!)).toBeLessThan(0.01);
});

test("RELION 3's contrast transfer is squared, and the box multiplied by it", async () => {
  await writeBox("plain.mrc", 0);
  await writeCube("plain_ctf.mrc", 0.5);
  const plain = await opened(list("_rlnCtfImage\n", "plain.mrc plain_ctf.mrc"));
  expect(plain.statements).toContain("contrast transfer of boxes that were not multiplied");
  for (const [at, value] of plain.weight.entries()) expect(value).toBeCloseTo(weight[at]!, 5);
});

test("a weight that fits no box is refused with its file", async () => {
  await writeValues("plain_weight.mrc", [EDGE, EDGE, EDGE - 1], () => 1);
  await expect(opened(list("", "plain.mrc"))).rejects.toMatchObject({
    where: expect.stringContaining("plain_weight.mrc"),
    reason: expect.stringContaining("fits no box"),
  });
});

describe("what networks are shown of boxes with weights", () => {
  const shown = async (star: string, restored: boolean) => {
    await writeFile(inFolder("shown.star"), star);
    return readParticleBoxes(inFolder("shown.star"), { edge: EDGE, voxelSizeAngstrom: VOXEL, restored });
  };
  const correlation = (a: Float32Array, b: Float32Array) =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0) / Math.sqrt(squares(a) * squares(b));
  const squares = (a: Float32Array) => a.reduce((sum, value) => sum + value * value, 0);

  test("is what was there before it was multiplied; asked for nothing else, boxes stay as they are stored", async () => {
    await writeBox("there.mrc", 0);
    await writeBox("multiplied.mrc", 1);
    await writeCube("multiplied_weight.mrc");
    const there = await shown(list("", "there.mrc"), false);
    const stored = await shown(list("", "multiplied.mrc"), false);
    const restored = await shown(list("", "multiplied.mrc"), true);
    expect(correlation(stored.volumes, there.volumes)).toBeLessThan(0.9);
    expect(correlation(restored.volumes, there.volumes)).toBeGreaterThan(0.98);
    expect(stored.warnings).toEqual([]);
    expect(restored.warnings.join()).toContain("contrast transfer is divided out");
    expect(restored.grids).toEqual(stored.grids);
  });

  test("boxes stay as they are stored, and it is said, where the weight is not there or none of theirs", async () => {
    await writeBox("there.mrc", 0);
    await writeValues("flat.mrc", [4, 8, 12], () => 1);
    const stored = await shown(list("", "there.mrc"), false);
    for (const [weightName, reason] of [
      ["missing.mrc", /rlnCtfImage.* not there/],
      ["flat.mrc", /fits no box/],
    ] as const) {
      const { volumes, warnings } = await shown(list("_rlnCtfImage\n", `there.mrc ${weightName}`), true);
      expect(volumes).toEqual(stored.volumes);
      expect(warnings.join()).toMatch(reason);
      expect(warnings.join()).toContain("as they are stored");
    }
  });
});
