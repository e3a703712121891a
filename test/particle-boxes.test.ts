import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readParticleBoxes } from "../src/files/particles/boxes.js";
import { type Particle, writeMrc, writeParticles } from "../src/io/index.js";
import { createRenderer, proceduralComplex } from "../src/simulate/index.js";
import { createRandom, createVolume, rescaleFourier, type Volume } from "../src/volume/index.js";

const EDGE = 32;
const VOXEL_ANGSTROM = 10;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-boxes-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const random = createRandom("particle boxes");
const boxes = Array.from({ length: 3 }, (_, i) => {
  const complex = proceduralComplex(random.fork("complex", i));
  return createVolume(
    [EDGE, EDGE, EDGE],
    VOXEL_ANGSTROM,
    createRenderer().render(complex, { random: random.fork("view", i), snr: Number.POSITIVE_INFINITY }).volume,
  );
});

async function writeList(name: string, particles: readonly Particle[], voxelSizeAngstrom: number): Promise<string> {
  const list = {
    particles,
    origin: "first-voxel",
    voxelSizeAngstrom,
    coordinatePixelSizeAngstrom: voxelSizeAngstrom,
    warnings: [],
  } as const;
  const path = join(folder, name);
  await writeFile(path, writeParticles(list, { format: "relion3.1" }));
  return path;
}

/** Pearson correlation within the inner two thirds of the box, where neighbouring boxes do not reach. */
function agreement(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const inner = [i % EDGE, Math.floor(i / EDGE) % EDGE, Math.floor(i / EDGE ** 2)].every((x) => x >= 6 && x < 26);
    if (!inner) continue;
    ab += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

const slot = (volumes: Float32Array, i: number) => volumes.subarray(i * EDGE ** 3, (i + 1) * EDGE ** 3);

test("subtomogram files at the network's size come through unchanged; inverted ones with the sign turned", async () => {
  const particles = await Promise.all(
    boxes.map(async (box, i) => {
      await writeFile(
        join(folder, `dark-${i}.mrc`),
        writeMrc({ ...box, data: box.data.map((value) => 7 - 3 * value) }),
      );
      return { imageName: `dark-${i}.mrc`, extra: {} };
    }),
  );
  const list = await writeList("dark.star", particles, VOXEL_ANGSTROM);
  const read = await readParticleBoxes(list, { edge: EDGE, voxelSizeAngstrom: VOXEL_ANGSTROM, inverted: true });
  boxes.forEach(({ data }, i) => {
    const worst = slot(read.volumes, i).reduce((most, value, v) => Math.max(most, Math.abs(value - data[v]!)), 0);
    expect(worst).toBeLessThan(1e-4); // float32 of a value scaled by 3 and back
  });
});

test("boxes cut at coordinates out of a tomogram of another voxel size are the particles that were put there", async () => {
  const fine = 5;
  const tomogram = createVolume([100, 110, 230], fine);
  const centres = [40, 110, 185].map((x, i) => ({ x, y: 50 + 4 * i, z: 47 + i }));
  for (const [i, box] of boxes.entries())
    paste(tomogram, rescaleFourier(box, { voxelSizeAngstrom: fine, shape: [64, 64, 64] }), centres[i]!);
  await writeFile(join(folder, "tomogram.mrc"), writeMrc(tomogram));
  const particles = centres.map(({ x, y, z }) => ({
    tomogramName: "tomogram.mrc",
    positionAngstrom: { x: x * fine, y: y * fine, z: z * fine },
    extra: {},
  }));
  const list = await writeList("tomogram.star", particles, fine);
  const read = await readParticleBoxes(list, { edge: EDGE, voxelSizeAngstrom: VOXEL_ANGSTROM });
  boxes.forEach(({ data }, i) => {
    expect(agreement(slot(read.volumes, i), data)).toBeGreaterThan(0.97); // what is lost is the margin that was cut off
  });
  expect(read.grids.every((grid) => grid.voxelSizeAngstrom === fine)).toBe(true);
});

test("RELION 5 positions count from the tomogram's centre", async () => {
  const fine = 5;
  const shape = [100, 110, 131] as const;
  const tomogram = createVolume(shape, fine);
  const centre = { x: 60, y: 58, z: 47 };
  paste(tomogram, rescaleFourier(boxes[0]!, { voxelSizeAngstrom: fine, shape: [64, 64, 64] }), centre);
  await writeFile(join(folder, "centred.mrc"), writeMrc(tomogram));
  // RELION's centre is at half the size, odd sizes included: (coordinate - size / 2) * pixel size.
  const [nz, ny, nx] = shape;
  const positionAngstrom = {
    x: (centre.x - nx / 2) * fine,
    y: (centre.y - ny / 2) * fine,
    z: (centre.z - nz / 2) * fine,
  };
  const list = {
    particles: [{ tomogramName: "centred.mrc", positionAngstrom, extra: {} }],
    origin: "tomogram-centre",
    voxelSizeAngstrom: fine,
    coordinatePixelSizeAngstrom: fine,
    warnings: [],
  } as const;
  const path = join(folder, "centred.star");
  await writeFile(path, writeParticles(list, { format: "relion5" }));
  const read = await readParticleBoxes(path, { edge: EDGE, voxelSizeAngstrom: VOXEL_ANGSTROM });
  expect(agreement(slot(read.volumes, 0), boxes[0]!.data)).toBeGreaterThan(0.97);
});

test("a position far outside, a box without variation and a list without particles are refused", async () => {
  const options = { edge: EDGE, voxelSizeAngstrom: VOXEL_ANGSTROM };
  const outside = { tomogramName: "tomogram.mrc", positionAngstrom: { x: 90_000, y: 0, z: 0 }, extra: {} };
  await expect(readParticleBoxes(await writeList("outside.star", [outside], 5), options)).rejects.toThrow(
    /particle 1: more than half of its box lies outside/,
  );
  await writeFile(join(folder, "flat.mrc"), writeMrc(createVolume([EDGE, EDGE, EDGE], VOXEL_ANGSTROM)));
  const flat = { imageName: "flat.mrc", extra: {} };
  await expect(readParticleBoxes(await writeList("flat.star", [flat], 10), options)).rejects.toThrow(
    /particle 1: the box is the same value everywhere/,
  );
  await expect(readParticleBoxes(await writeList("lost.star", [{ extra: {} }], 10), options)).rejects.toThrow(
    /neither an image \(rlnImageName\) nor a position/,
  );
});

/** Adds a box into a larger volume, its centre (index floor(n / 2)) at the given voxel. */
function paste(target: Volume, box: Volume, centre: { x: number; y: number; z: number }): void {
  const [, ny, nx] = target.shape;
  const n = box.shape[0];
  const half = Math.floor(n / 2);
  for (let i = 0; i < box.data.length; i++) {
    const x = centre.x - half + (i % n);
    const y = centre.y - half + (Math.floor(i / n) % n);
    const z = centre.z - half + Math.floor(i / n ** 2);
    if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= target.shape[0]) continue;
    target.data[(z * ny + y) * nx + x]! += box.data[i]!;
  }
}
