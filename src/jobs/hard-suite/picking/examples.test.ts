import { join } from "node:path";
import { expect, test } from "vitest";
import { ConfigError } from "../../../errors.js";
import { ensureWritableFolder, temporaryFolder, writeFileAtomic } from "../../../files/disk/index.js";
import { readParticleListFile } from "../../../files/particles/index.js";
import { classNameOf, type ParticleList, writeMrc } from "../../../io/index.js";
import { createRandom, createVolume } from "../../../volume/index.js";
import { classesOf, readTruth, writeExamples } from "./examples.js";

const truth: ParticleList = {
  particles: Array.from({ length: 12 }, (_, index) => ({
    positionAngstrom: { x: 10 * index, y: 20, z: 30 },
    classNumber: 1 + (index % 3),
    tomogramName: "tomo01",
    extra: {},
  })),
  ...{ origin: "first-voxel", voxelSizeAngstrom: undefined, coordinatePixelSizeAngstrom: undefined, warnings: [] },
};

test("examples are drawn of the classes asked for, and follow from the seed", async () => {
  expect(classesOf(truth)).toEqual(["class 1", "class 2", "class 3"]);
  await using folder = await temporaryFolder();
  await ensureWritableFolder(folder.path);
  const draw = async (name: string, seed: string) => {
    const path = join(folder.path, name);
    await writeExamples(path, truth, { classes: ["class 1", "class 3"], shots: 2, random: createRandom(seed) });
    return (await readParticleListFile(path)).list.particles;
  };
  const first = await draw("a.csv", "one");
  expect(first.map(classNameOf)).toEqual(["class 1", "class 1", "class 3", "class 3"]);
  expect(new Set(first.map(({ positionAngstrom }) => positionAngstrom?.x)).size).toBe(4);
  expect(await draw("b.csv", "one")).toEqual(first);
});

test("a class with too few particles is named", async () => {
  const asked = { classes: ["class 2"], shots: 5, random: createRandom(1) };
  await expect(writeExamples("unused.csv", truth, asked)).rejects.toThrow(ConfigError);
  await expect(writeExamples("unused.csv", truth, asked)).rejects.toThrow(
    "5 examples of class 2 are asked for; the tomogram holds 4",
  );
});

test("numbered classes have the name that every list then has", async () => {
  await using folder = await temporaryFolder();
  const truthPath = join(folder.path, "objects.xml");
  await writeFileAtomic(truthPath, '<objlist><object tomo_idx="0" class_label="3" x="34" y="16" z="64"/></objlist>');
  const path = join(folder.path, "tomogram.mrc");
  await writeFileAtomic(path, writeMrc(createVolume([80, 40, 40], 1)));
  const { particles } = await readTruth({ path, truthPath, name: "tomo09", voxelSizeAngstrom: 10 });
  expect(particles).toHaveLength(1);
  expect(particles[0]).toMatchObject({ className: "class 3", tomogramName: "tomo09" });
  expect(particles[0]!.positionAngstrom).toEqual({ x: 340, y: 160, z: 640 });
});
