import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readParticleListFile, writeParticleListFile } from "../src/files/particles/list-file.js";
import { readVolumeFile } from "../src/files/tomogram/index.js";
import type { Particle, ParticleList } from "../src/io/index.js";
import { writeMrc, writeNpy } from "../src/io/index.js";
import { convertFile } from "../src/jobs/convert/convert.js";
import { describeFile } from "../src/jobs/info/info.js";
import { createVolume } from "../src/volume/index.js";

const folder = mkdtempSync(join(tmpdir(), "cosnet-lists-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);

const particles = ["TS_1", "TS_1", "TS_2"].map(
  (tomogramName, i): Particle => ({
    positionAngstrom: { x: 100 * i + 10, y: 50, z: 25 },
    orientation: { w: 0.6, x: 0, y: 0, z: 0.8 },
    className: i === 1 ? "ATP synthase" : "ribosome",
    score: 0.5,
    tomogramName,
    extra: {},
  }),
);
const list: ParticleList = {
  particles,
  origin: "first-voxel",
  voxelSizeAngstrom: undefined,
  coordinatePixelSizeAngstrom: 10,
  warnings: [],
};
const positions = ({ particles: items }: ParticleList) => items.map(({ positionAngstrom }) => positionAngstrom);

describe("one file", () => {
  test("the name says the format; gzip or not, what is read is what was written", async () => {
    const written = await writeParticleListFile(path("a.csv"), list);
    expect(written).toEqual({ format: "csv", paths: [path("a.csv")], warnings: [] });
    const back = await readParticleListFile(path("a.csv"));
    expect(back.format).toBe("csv");
    expect(positions(back.list)).toEqual(positions(list));
    expect(back.list.particles[1]).toMatchObject({ className: "ATP synthase", score: 0.5, tomogramName: "TS_1" });
  });

  test("what a format has no room for is refused, or left out on purpose and said", async () => {
    const one = { ...list, particles: particles.slice(0, 1) };
    await expect(writeParticleListFile(path("b.coords"), one)).rejects.toMatchObject({
      tag: "config",
      message: expect.stringContaining("has no room for the orientations of 1 particle and the scores of 1 particle"),
      hint: expect.stringContaining("--lossy"),
    });
    expect(existsSync(path("b.coords"))).toBe(false);
    const { warnings } = await writeParticleListFile(path("b.coords"), one, { lossy: true });
    expect(warnings).toEqual(["left out: the orientations of 1 particle", "left out: the scores of 1 particle"]);
    expect(readFileSync(path("b.coords"), "utf8")).toBe("1 5 2.5\n");
  });

  test("unknown names, empty lists and lists of voxels of unknown size say what to give", async () => {
    await expect(writeParticleListFile(path("c.xyz"), list)).rejects.toThrow("does not say which format to write");
    writeFileSync(path("d.coords"), "1 2 3\n");
    await expect(readParticleListFile(path("d.coords"))).rejects.toThrow("does not say how large one is");
    const { list: sized } = await readParticleListFile(path("d.coords"), { voxelSizeAngstrom: 4 });
    expect(positions(sized)).toEqual([{ x: 4, y: 8, z: 12 }]);
  });

  test("the tomogram gives size and voxel size; RELION 5 counts from its centre", async () => {
    writeFileSync(path("t.mrc"), writeMrc(createVolume([7, 8, 9], 4)));
    const tomogram = path("t.mrc");
    await convertFile(path("d.coords"), path("d.star"), { tomogram });
    // (1, 2, 3) voxels of 4 Angstrom, from half of 36 x 32 x 28.
    const { list: centred } = await readParticleListFile(path("d.star"));
    expect(positions(centred)).toEqual([{ x: 4 - 18, y: 8 - 16, z: 12 - 14 }]);
    await convertFile(path("d.star"), path("e.coords"), { sizeVoxels: { x: 9, y: 8, z: 7 }, voxelSizeAngstrom: 4 });
    expect(readFileSync(path("e.coords"), "utf8")).toBe("1 2 3\n");
    await convertFile(path("d.star"), path("f.coords"), { tomogram, outputVoxelSizeAngstrom: 2 });
    expect(readFileSync(path("f.coords"), "utf8")).toBe("2 4 6\n");
    await expect(convertFile(path("d.star"), path("g.coords"), {})).rejects.toThrow(
      'the size of tomogram "t" is not known',
    );
  });

  test("the tomogram is opened only for a list that needs it, where that is asked for", async () => {
    const asked = (tomogram: string) => ({ tomogram: path(tomogram), tomogramWhereNeeded: true });
    const { list: centred } = await readParticleListFile(path("d.star"), asked("not-there.mrc"));
    expect(centred.origin).toBe("tomogram-centre");
    expect(positions((await readParticleListFile(path("d.coords"), asked("t.mrc"))).list)).toEqual([
      { x: 4, y: 8, z: 12 },
    ]);
    await expect(readParticleListFile(path("d.coords"), asked("not-there.mrc"))).rejects.toThrow("not-there.mrc");
  });
});

test("RELION's tomograms.star beside the list, which reads it back", async () => {
  writeFileSync(path("binned.mrc"), writeMrc(createVolume([5, 6, 7], 8)));
  // Coordinates count in tilt-series pixels of 2 Angstrom; the tomogram is binned by 4.
  writeFileSync(
    path("unbinned.star"),
    "data_particles\nloop_\n_rlnTomoName\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\nTS_1 4 8 12\n",
  );
  const tomogramsOutput = path("tomograms.star");
  const options = { voxelSizeAngstrom: 2, tomogram: path("binned.mrc"), tomogramsOutput };
  const { paths } = await convertFile(path("unbinned.star"), path("centred.star"), options);
  expect(paths).toEqual([path("centred.star"), tomogramsOutput]);
  expect(await describeFile(tomogramsOutput)).toMatchObject({
    fields: { "tomogram TS_1": "28 x 24 x 20 pixels of 2 Å" },
  });
  expect(readFileSync(tomogramsOutput, "utf8")).toMatch(/TS_1 300 2\.7 0\.1 2 4 28 24 20/);
  const { list: centred } = await readParticleListFile(path("centred.star"));
  expect(positions(centred)).toEqual([{ x: 8 - 28, y: 16 - 24, z: 24 - 20 }]);
  const { list: back } = await readParticleListFile(path("centred.star"), { tomograms: tomogramsOutput });
  expect(positions(back)).toEqual([{ x: 8, y: 16, z: 24 }]);
});

describe("several files", () => {
  test("{tomogram} and {class} write a list for each", async () => {
    const output = path("split-{tomogram}-{class}.coords");
    const { paths } = await writeParticleListFile(output, list, { lossy: true });
    expect(paths.map((name) => name.slice(folder.length + 1))).toEqual([
      "split-TS_1-ribosome.coords",
      "split-TS_1-ATP-synthase.coords",
      "split-TS_2-ribosome.coords",
    ]);
    expect(readFileSync(path("split-TS_1-ATP-synthase.coords"), "utf8")).toBe("11 5 2.5\n");
    await expect(writeParticleListFile(path("all.coords"), list, { lossy: true })).rejects.toMatchObject({
      hint: expect.stringContaining("{tomogram}"),
    });
  });

  test("names that would meet in one file are refused, and nothing is written", async () => {
    const clash = {
      ...list,
      particles: ["a b", "a/b", "a?b"].map((tomogramName) => ({ ...particles[0]!, tomogramName })),
    };
    mkdirSync(path("clash"));
    const writing = writeParticleListFile(path("clash/{tomogram}.tbl"), clash);
    await expect(writing).rejects.toThrow("two tomograms or classes would be written to this one file");
    expect(readdirSync(path("clash"))).toEqual([]);
  });

  test("copick's folders, there and back", async () => {
    const { paths } = await writeParticleListFile(path("project"), list, { format: "copick" });
    expect(paths).toContain(path("project/ExperimentRuns/TS_1/Picks/cosnet_0_ATP-synthase.json"));
    const { list: back, format } = await readParticleListFile(path("project"));
    expect(format).toBe("copick");
    expect(new Set(back.particles.map(({ className, tomogramName }) => `${tomogramName} ${className}`))).toEqual(
      new Set(["TS_1 ATP synthase", "TS_1 ribosome", "TS_2 ribosome"]),
    );
    expect(back.coordinatePixelSizeAngstrom).toBe(10);
    expect(await describeFile(path("project"))).toMatchObject({
      kind: "particles",
      fields: { particles: 3, tomograms: 2 },
    });
    await expect(readParticleListFile(folder.replace(/[^/]*$/, "nothing"))).rejects.toThrow("no such file");
    mkdirSync(path("empty"));
    const [own] = paths;
    expect(JSON.parse(readFileSync(own!, "utf8")).run_name).toBe("TS_1");
    copyFileSync(own!, own!.replace("cosnet_0_", "curator_1_"));
    const twice = (await readParticleListFile(path("project"))).list.warnings.join();
    expect(twice).toMatch(/cosnet_0_\S+\.json and curator_1_\S+\.json are of the same object, and both are read/);
    await expect(readParticleListFile(path("empty"))).rejects.toThrow("holds no picks of copick");
  });

  test("Dynamo's numbers keep their names in the .doc beside the table", async () => {
    const named = {
      ...list,
      particles: particles.map((particle) => ({ ...particle, tomogramName: `${particle.tomogramName}.mrc` })),
    };
    const { paths, warnings } = await writeParticleListFile(path("h.tbl"), named);
    expect(paths).toEqual([path("h.tbl"), path("h.doc")]);
    expect(warnings).toContain("tomograms are numbered: 1 = TS_1.mrc, 2 = TS_2.mrc");
    expect(readFileSync(path("h.doc"), "utf8")).toBe("1 TS_1.mrc\n2 TS_2.mrc\n");
    const { list: back } = await readParticleListFile(path("h.tbl"), { voxelSizeAngstrom: 10 });
    expect(back.particles.map(({ tomogramName }) => tomogramName)).toEqual(["TS_1.mrc", "TS_1.mrc", "TS_2.mrc"]);
    writeFileSync(path("names.txt"), "1\tfirst\n");
    const { list: other } = await readParticleListFile(path("h.tbl"), {
      voxelSizeAngstrom: 10,
      tomogramNames: path("names.txt"),
    });
    expect(other.particles.map(({ tomogramName }) => tomogramName)).toEqual(["first", "first", "2"]);
    expect(other.warnings).toEqual(["tomograms 2 are not in the list of names"]);
  });
});

describe("volumes in other formats", () => {
  const data = Float32Array.from({ length: 24 }, (_, i) => i - 4);
  writeFileSync(path("v.npy"), writeNpy({ shape: [2, 3, 4], data }));

  test.each([["v.em"], ["v.hdf"], ["v.zarr"], ["v.mrc"]])("%s, and back to NumPy", async (name) => {
    await convertFile(path("v.npy"), path(name), { voxelSizeAngstrom: 7.5 });
    const { volume, voxelSizeAngstrom } = await readVolumeFile(path(name));
    expect(voxelSizeAngstrom).toBe(7.5);
    expect(volume.shape).toEqual([2, 3, 4]);
    expect([...volume.data]).toEqual([...data]);
    const { fields, statistics } = await describeFile(path(name));
    expect(fields).toMatchObject({ nx: 4, ny: 3, nz: 2, voxelSizeAngstrom: 7.5 });
    expect(statistics).toMatchObject({ minimum: -4, maximum: 19 });
  });

  test("a list becomes no volume, a volume no list", async () => {
    await expect(convertFile(path("a.csv"), path("x.mrc"))).rejects.toThrow("would be a volume");
    await expect(convertFile(path("v.npy"), path("x.tbl"))).rejects.toThrow("not a particle list");
    await expect(convertFile(path("v.npy"), path("x.zarr"))).rejects.toThrow("states the voxel size");
  });
});
