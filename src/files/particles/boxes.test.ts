import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConfigError, FormatError } from "../../errors.js";
import { type ParticleFormat, type ParticleList, writeMrc } from "../../io/index.js";
import { createRandom, createVolume } from "../../volume/index.js";
import { readParticleBoxes } from "./boxes.js";
import { placementOf, writeParticleListFile } from "./list-file.js";

const VOXEL = 10;
let folder: string;
const inFolder = (name: string): string => join(folder, name);
const boxes = { edge: 16, voxelSizeAngstrom: VOXEL };
const list: ParticleList = {
  particles: [
    { positionAngstrom: { x: 151, y: 203, z: 122 }, className: "a", tomogramName: "1", extra: {} },
    { positionAngstrom: { x: 249, y: 180, z: 160 }, className: "b", tomogramName: "1", extra: {} },
  ],
  origin: "first-voxel",
  voxelSizeAngstrom: VOXEL,
  coordinatePixelSizeAngstrom: VOXEL,
  warnings: [],
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-boxes-"));
  const random = createRandom("boxes");
  const volume = createVolume([30, 41, 40], VOXEL);
  volume.data.forEach((_, i) => {
    volume.data[i] = random.normal();
  });
  await writeFile(inFolder("tomogram.mrc"), writeMrc(volume));
  await writeFile(inFolder("unknown.mrc"), writeMrc(createVolume([30, 41, 40], 1, volume.data)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function written(format: ParticleFormat, name: string): Promise<string> {
  const path = inFolder(name);
  await writeParticleListFile(path, list, { format, lossy: true, tomogram: inFolder("tomogram.mrc") });
  return path;
}

test.each([
  ["relion5", "a.star"],
  ["csv", "b.csv"],
  ["dynamo", "c.tbl"],
  ["motl", "d.em"],
  ["stopgap", "e.star"],
  ["napari", "f.csv"],
] as const)(
  "a %s list gives the boxes of a RELION 3.1 list, whatever voxel size the header states",
  async (format, name) => {
    const tomogramPath = inFolder("tomogram.mrc");
    const expected = await readParticleBoxes(await written("relion3.1", "expected.star"), { ...boxes, tomogramPath });
    // As a user would: the list's own voxels are the tomogram's.
    const path = await written(format, name);
    const read = await readParticleBoxes(path, { ...boxes, tomogramPath });
    expect(read.volumes).toEqual(expected.volumes);
    expect(read.list.coordinatePixelSizeAngstrom).toBe(VOXEL);
    const unknown = { tomogramPath: inFolder("unknown.mrc"), fileVoxelSizeAngstrom: VOXEL };
    expect((await readParticleBoxes(path, { ...boxes, ...unknown })).volumes).toEqual(expected.volumes);
  },
);

test("coordinates in voxels of unknown size, and what is no list, are said", async () => {
  const motl = await written("motl", "g.em");
  await expect(readParticleBoxes(motl, boxes)).rejects.toThrow(ConfigError);
  await expect(readParticleBoxes(inFolder("tomogram.mrc"), boxes)).rejects.toThrow(FormatError);
});

test("the tomogram's size: a header of 1 Å says nothing and is refused; what is told, or a list says, counts", async () => {
  const sizeOf = async (tomogram: string, more: object) =>
    (await placementOf({ tomogram: inFolder(tomogram), ...more })).tomogramSizeAngstrom;
  await expect(sizeOf("unknown.mrc", {})).rejects.toThrow("the header says voxels of exactly 1 Å");
  expect(await sizeOf("unknown.mrc", { tomogramVoxelSizeAngstrom: 1 })).toEqual({ x: 40, y: 41, z: 30 });
  expect(await sizeOf("unknown.mrc", { voxelSizeAngstrom: 10 })).toEqual({ x: 400, y: 410, z: 300 });
  // Coordinates may count in other voxels than the tomogram's.
  expect(await sizeOf("tomogram.mrc", { voxelSizeAngstrom: 2.5 })).toEqual({ x: 400, y: 410, z: 300 });
  expect(await sizeOf("tomogram.mrc", { tomogramVoxelSizeAngstrom: 8 })).toEqual({ x: 320, y: 328, z: 240 });
});

test("the tomograms that a list names are found through the tomograms.star beside it", async () => {
  const folderOfPicks = inFolder("picked");
  await mkdir(folderOfPicks);
  const path = join(folderOfPicks, "picks.star");
  const named = { ...list, particles: list.particles.map((particle) => ({ ...particle, tomogramName: "TS_1" })) };
  await writeParticleListFile(path, named, { format: "relion5", tomogram: inFolder("tomogram.mrc") });
  await writeFile(
    join(folderOfPicks, "tomograms.star"),
    "data_global\nloop_\n_rlnTomoName\n_rlnTomoReconstructedTomogram\nTS_1 ../tomogram.mrc\n",
  );
  const expected = await readParticleBoxes(path, { ...boxes, tomogramPath: inFolder("tomogram.mrc") });
  expect((await readParticleBoxes(path, boxes)).volumes).toEqual(expected.volumes);
});

test("stacks of 2-D images are no boxes: the error says what to do", async () => {
  const axes = ["X", "Y", "Z"].map((axis) => `_rlnCenteredCoordinate${axis}Angst\n`).join("");
  const path = inFolder("stacks.star");
  await writeFile(
    path,
    `data_general\n_rlnTomoSubTomosAre2DStacks 1\ndata_particles\nloop_\n_rlnTomoName\n_rlnImageName\n${axes}TS_9 a_stack2d.mrcs 0 0 0\n`,
  );
  const error = await readParticleBoxes(path, boxes).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FormatError);
  expect(error).toMatchObject({ reason: expect.stringContaining("is a stack of 2-D images, not a box") });
  expect(error).toMatchObject({ hint: expect.stringContaining("--tomogram") });
  const cut = await readParticleBoxes(path, { ...boxes, tomogramPath: inFolder("tomogram.mrc") });
  expect(cut.grids).toHaveLength(1);
});
