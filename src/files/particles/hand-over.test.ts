import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alignedParticle, type ParticleList } from "../../io/index.js";
import { angleBetweenQuaternions, createRandom, type Pose, randomQuaternion } from "../../volume/index.js";
import { writeFileAtomic } from "../disk/index.js";
import { handOver } from "./hand-over.js";
import { readParticleListFile } from "./list-file.js";
import { openSubtomograms } from "./subtomograms/open-subtomograms.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-hand-over-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function writtenTo(name: string, list: ParticleList, options: Omit<Parameters<typeof handOver>[1], "folder">) {
  const target = join(folder, name);
  await mkdir(target, { recursive: true });
  const { files, warnings } = await handOver(list, { ...options, folder: target });
  for (const [file, content] of files) await writeFileAtomic(join(target, file), content);
  return { target, names: [...files.keys()], warnings };
}

const list: ParticleList = {
  particles: [
    { positionAngstrom: { x: 100, y: 200, z: 50 }, tomogramName: "TS_1", extra: { rlnRandomSubset: "1" } },
    { positionAngstrom: { x: 10, y: 20, z: 5 }, tomogramName: "TS_1", extra: { rlnRandomSubset: "2" } },
  ],
  ...{ origin: "first-voxel", voxelSizeAngstrom: undefined, coordinatePixelSizeAngstrom: 10, warnings: [] },
};

test("a list of picks becomes a set for RELION 5 and a table for Dynamo", async () => {
  const listPath = join(folder, "picks.star");
  const sizeAngstrom = { x: 400, y: 300, z: 100 };
  const others = { "particles.tbl": "dynamo" } as const;
  const { target, names, warnings } = await writtenTo("picks", list, { listPath, sizeAngstrom, others });
  expect(names).toEqual([
    "particles.star",
    "particles.tbl",
    "particles.doc",
    "tomograms.star",
    "optimisation_set.star",
  ]);
  expect(warnings.join()).toContain("particles.tbl: left out: rlnRandomSubset");
  const back = await readParticleListFile(join(target, "optimisation_set.star"), { sizeAngstrom });
  expect(back.list.particles).toMatchObject(list.particles);
  const dynamo = await readParticleListFile(join(target, "particles.tbl"), { voxelSizeAngstrom: 10 });
  expect(dynamo.list.particles[1]).toMatchObject({ positionAngstrom: { x: 10, y: 20, z: 5 }, tomogramName: "TS_1" });
});

test("without the tomograms' sizes there is no set, and it is said why", async () => {
  const images = list.particles.map(({ positionAngstrom: _, ...rest }, i) => ({ ...rest, imageName: `${i}.mrc` }));
  const { names, warnings } = await writtenTo(
    "bare",
    { ...list, particles: images },
    { listPath: join(folder, "a.star") },
  );
  expect(names).toEqual(["particles.star"]);
  expect(warnings.join()).toContain("there is no tomograms.star, which RELION 5 needs");
});

test("an optimisation set that names nothing is refused with what to do", async () => {
  const path = join(folder, "empty_optimisation_set.star");
  await writeFile(path, "data_\n_rlnTomoParticlesFile gone.star\n_rlnTomoTomogramsFile tomograms.star\n");
  await expect(readParticleListFile(path)).rejects.toMatchObject({
    reason: expect.stringContaining("names the particles gone.star, which are not there"),
    hint: expect.stringContaining("give the list of particles itself"),
  });
});

const STACKS = join(import.meta.dirname, "../../../../shared/data/real/ribosomes_10499/tilts/particles.star");

describe.skipIf(!existsSync(STACKS))("2-D stacks of WarpTools", () => {
  test("poses and origins go into RELION 5's set, which leads to the same images and tilt series", async () => {
    const read = await readParticleListFile(STACKS);
    await using before = await openSubtomograms(STACKS);
    const random = createRandom("hand-over");
    const poses: Pose[] = [];
    const aligned = [];
    for (const [index, particle] of read.list.particles.slice(0, 3).entries()) {
      const box = await before.read(index);
      const shiftVoxels = { x: random.uniform(-2, 2), y: random.uniform(-2, 2), z: random.uniform(-2, 2) };
      poses.push({ rotation: randomQuaternion(random), shiftVoxels });
      aligned.push(alignedParticle(particle, poses[index]!, box));
    }
    const { target, names, warnings } = await writtenTo(
      "warp",
      { ...read.list, particles: aligned },
      { listPath: STACKS },
    );
    expect([names, warnings]).toEqual([["particles.star", "tomograms.star", "optimisation_set.star"], []]);
    await using after = await openSubtomograms(join(target, "optimisation_set.star"));
    for (const [index, { rotation, shiftVoxels }] of poses.entries()) {
      const again = await after.read(index);
      expect(angleBetweenQuaternions(again.rotation!, rotation)).toBeLessThan(1e-3);
      for (const axis of ["x", "y", "z"] as const) expect(again.shiftVoxels[axis]).toBeCloseTo(shiftVoxels[axis], 4);
      const same = (await before.read(index)).subtomogram;
      expect(again.subtomogram.spectrum.every((value, i) => Math.abs(value - same.spectrum[i]!) < 1e-2)).toBe(true);
    }
    expect(after.warnings()).toEqual([]);
  });
});
