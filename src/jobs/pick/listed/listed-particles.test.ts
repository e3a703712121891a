import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Particle, writeMrc, writeParticles } from "../../../io/index.js";
import { pickSettings } from "../options.js";
import { readListedParticles } from "./listed-particles.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-listed-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function listOf(name: string, tomogramNames: readonly (string | undefined)[]): Promise<string> {
  const particles = tomogramNames.map(
    (tomogramName, x): Particle => ({
      ...{ positionAngstrom: { x: 10 * x, y: 500, z: 500 }, extra: {} },
      ...(tomogramName !== undefined && { tomogramName }),
    }),
  );
  const list = { particles, origin: "first-voxel", voxelSizeAngstrom: 10, warnings: [] } as const;
  const path = join(folder, name);
  await writeFile(path, writeParticles({ ...list, coordinatePixelSizeAngstrom: 10 }, { format: "relion4" }));
  return path;
}

async function read(path: string, tomogramPaths: readonly string[], tomogramNames?: readonly string[]) {
  const warnings: string[] = [];
  const listed = await readListedParticles([path], {
    ...{ tomogramPaths, tomogramNames, voxelSizeAngstrom: 10, signal: undefined },
    onWarning: (warning) => warnings.push(warning),
  });
  const rows = [...listed].map(([tomogram, own]) => [
    tomogram,
    own.map(({ particle }) => particle.positionAngstrom!.x / 10),
  ]);
  return { rows: Object.fromEntries(rows), warnings };
}

test("particles are in the tomograms that they name, whatever the files add to the names", async () => {
  const path = await listOf("named.star", ["TS_02", "rec_TS_01.mrc", "TS_03", "TS_02"]);
  expect(await read(path, ["rec_TS_01.mrc", "TS_02_10.00Apx.mrc"])).toEqual({
    rows: { "rec_TS_01.mrc": [1], "TS_02_10.00Apx.mrc": [0, 3] },
    warnings: [`${path}: 1 particle of 4 left out: in TS_03, which is not given`],
  });
  expect((await read(path, ["a.mrc", "b.mrc"], ["TS_03", "TS_02"])).rows).toEqual({ "a.mrc": [2], "b.mrc": [0, 3] });
  await expect(read(path, ["TS_04.mrc"])).rejects.toThrow(
    "its particles are in TS_02, rec_TS_01.mrc, TS_03, and no such tomogram is given",
  );
});

test("those of a list that names no tomogram are in the only one", async () => {
  const unnamed = await listOf("unnamed.star", [undefined, undefined]);
  expect((await read(unnamed, ["TS_01.mrc"])).rows).toEqual({ "TS_01.mrc": [0, 1] });
  await expect(read(unnamed, ["TS_01.mrc", "TS_02.mrc"])).rejects.toThrow("and 2 are given");
  const numbered = await listOf("numbered.star", ["1", "2"]);
  await expect(read(numbered, ["TS_01.mrc"])).rejects.toThrow("numbers 2 of them, where one is given");
});

test("lists that name no tomogram may be called after theirs; a pattern means all of its files", async () => {
  const [one, ten] = [
    await listOf("TS_1_matched.star", [undefined]),
    await listOf("TS_10.star", [undefined, undefined]),
  ];
  const tomograms = ["rec/TS_1.mrc", "rec/TS_10.mrc"];
  expect((await read(join(folder, "TS_*.star"), tomograms)).rows).toEqual({
    "rec/TS_1.mrc": [0],
    "rec/TS_10.mrc": [0, 1],
  });
  expect(await read(one, tomograms, ["a", "b"]).catch(({ reason }) => reason)).toContain("does not name its tomograms");
  expect((await read(ten, tomograms)).rows).toEqual({ "rec/TS_1.mrc": [], "rec/TS_10.mrc": [0, 1] });
  await expect(read(join(folder, "none*.star"), tomograms)).rejects.toThrow("no list of particles is called");
});

test("what says how to search is refused, where nothing is searched", () => {
  const given = { tomogramPaths: ["a.mrc"], examples: ["e.star"], outputFolder: "out", particles: ["p.star"] };
  expect(pickSettings(given).searchByExamples).toBe(false);
  expect(() => pickSettings({ ...given, maskPath: "mask.mrc" })).toThrow("--mask says how to search");
  expect(() => pickSettings({ ...given, notFilaments: ["a"] })).toThrow("--not-filament says how to search");
  expect(() => pickSettings({ ...given, particles: [] })).toThrow("no list of particles is given");
});

test("a list in voxels counts each particle in the voxels of the tomogram that it is in", async () => {
  const tomograms = [
    ["TS_01.mrc", 10],
    ["TS_02.mrc", 5],
    ["TS_03.mrc", 10],
  ] as const;
  for (const [name, voxelSizeAngstrom] of tomograms) {
    const volume = { data: Float32Array.from({ length: 512 }, (_, i) => i % 7), shape: [8, 8, 8] as const };
    await writeFile(join(folder, name), writeMrc({ ...volume, voxelSizeAngstrom }));
  }
  const path = join(folder, "voxels.csv");
  await writeFile(path, "x,y,z,tomogram\n4,5,6,TS_02\n4,5,6,TS_01\n1,2,3,TS_02\n1,2,3,TS_03\n");
  const given = { tomogramPaths: tomograms.map(([name]) => join(folder, name)), tomogramNames: undefined };
  const places = async (voxelSizeAngstrom: number | undefined) =>
    [
      ...(
        await readListedParticles([path], { ...given, voxelSizeAngstrom, onWarning: undefined, signal: undefined })
      ).values(),
    ].map((own) => own.map(({ particle }) => particle.positionAngstrom));
  expect(await places(undefined)).toEqual([
    [{ x: 40, y: 50, z: 60 }],
    [
      { x: 20, y: 25, z: 30 },
      { x: 5, y: 10, z: 15 },
    ],
    [{ x: 10, y: 20, z: 30 }],
  ]);
  expect((await places(2))[1]).toEqual([
    { x: 8, y: 10, z: 12 },
    { x: 2, y: 4, z: 6 },
  ]);
});
