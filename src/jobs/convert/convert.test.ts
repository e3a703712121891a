import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError, FormatError } from "../../errors.js";
import { readMrc, readNpy, readParticles, readTomogramSizes, validateMrc, writeMrc, writeNpy } from "../../io/index.js";
import { createVolume } from "../../volume/index.js";
import { convertFile } from "./convert.js";
import type { ConvertOptions } from "./options.js";

const folder = mkdtempSync(join(tmpdir(), "cosnet-convert-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);
const bytes = (name: string) => new Uint8Array(readFileSync(path(name)));

const data = Float32Array.from({ length: 24 }, (_, i) => i - 4);
writeFileSync(path("in.mrc"), writeMrc(createVolume([2, 3, 4], 10, data)));
writeFileSync(path("in.npy"), writeNpy({ shape: [2, 3, 4], data }));

describe("volumes", () => {
  test("to another mode and byte order, inverted, with another voxel size", async () => {
    const options = { mode: 1, byteOrder: "big", invert: true, voxelSizeAngstrom: 13.5 } as const;
    const result = await convertFile(path("in.mrc"), path("out.mrc"), options);
    expect(result).toMatchObject({
      from: "mrc",
      to: "mrc",
      summary: "4 x 3 x 2 voxels, 13.5 Å instead of the header's 10 Å, density inverted, MRC mode 1 (int16)",
      warnings: [
        "mode 1 (int16): refused or misread by NGL and 3Dmol (docs/compatibility.md)",
        "big-endian bytes: refused or misread by Mol* (docs/compatibility.md)",
      ],
    });
    const { volume, header } = readMrc(bytes("out.mrc"));
    expect(header).toMatchObject({ mode: 1, byteOrder: "big", voxelSizeAngstrom: 13.5 });
    expect([...volume.data]).toEqual([...data].map((value) => 0 - value));
    expect(validateMrc(bytes("out.mrc"))).toEqual([]);
  });

  test("a map's origin stays, from its start index as well; formats without one say that it is left out", async () => {
    const moved = writeMrc(createVolume([2, 3, 4], 10, data), { originAngstrom: { x: 30, y: -20, z: 5.5 } });
    const started = writeMrc(createVolume([2, 3, 4], 10, data));
    new DataView(started.buffer, started.byteOffset).setInt32(16, -31, true);
    for (const [name, bytes, origin] of [
      ["moved.mrc", moved, { originX: 30, originY: -20, originZ: 5.5 }],
      ["started.mrc", started, { originX: -310, originY: 0, originZ: 0 }],
    ] as const) {
      writeFileSync(path(name), bytes);
      await convertFile(path(name), path("origin.mrc"), { mode: 2 });
      expect(readMrc(readFileSync(path("origin.mrc"))).header.fields).toMatchObject(origin);
    }
    const { warnings } = await convertFile(path("moved.mrc"), path("origin.npy"));
    expect(warnings).toEqual(["left out: the map's origin (30, -20, 5.5 Å), which viewers move it by"]);
  });

  test("labels become the smallest mode that holds them", async () => {
    const labels = Float32Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 300 : 0));
    writeFileSync(path("labels.npy"), writeNpy({ shape: [2, 3, 4], data: labels }));
    const result = await convertFile(path("labels.npy"), path("labels.mrc"), { voxelSizeAngstrom: 10 });
    expect(result.summary).toBe("4 x 3 x 2 voxels, 10 Å, MRC mode 1 (int16)");
    expect(readMrc(bytes("labels.mrc")).volume.data).toEqual(labels);
  });

  test("an abort leaves neither output nor temporary file", async () => {
    const controller = new AbortController();
    const onProgress = ({ stage }: { stage: string }) => stage.startsWith("writing") && controller.abort();
    const running = convertFile(path("in.mrc"), path("aborted.mrc"), { onProgress, signal: controller.signal });
    await expect(running).rejects.toMatchObject({ tag: "abort" });
    expect(readdirSync(folder).filter((name) => /aborted|\.tmp$/.test(name))).toEqual([]);
  });

  test("an array without values becomes no volume", async () => {
    writeFileSync(path("none.npy"), writeNpy({ shape: [0, 3, 4], data: new Float32Array(0) }));
    await expect(convertFile(path("none.npy"), path("none.mrc"))).rejects.toThrow("holds no voxels");
    expect(existsSync(path("none.mrc"))).toBe(false);
  });

  test("MRC to NPY and back", async () => {
    await convertFile(path("in.mrc"), path("a.npy"));
    expect(readNpy(bytes("a.npy"))).toMatchObject({ shape: [2, 3, 4], data });
    const back = await convertFile(path("a.npy"), path("b.mrc"));
    expect(back.warnings).toEqual(["an .npy file states no voxel size"]);
    expect(readMrc(bytes("b.mrc")).voxelSizeAngstrom).toBeUndefined();
    await convertFile(path("a.npy"), path("c.mrc"), { voxelSizeAngstrom: 7 });
    expect(readMrc(bytes("c.mrc")).volume).toEqual(createVolume([2, 3, 4], 7, data));
  });

  test.each([
    ["an unknown kind of output", "in.mrc", "out.xyz", {}, ConfigError, "the name does not say what to write"],
    ["compressed output", "in.mrc", "out.mrc.gz", {}, ConfigError, "writes no compressed files"],
    ["its own input", "in.mrc", "in.mrc", {}, ConfigError, "would replace the input"],
    ["values that do not fit", "in.mrc", "u.mrc", { mode: 6 }, ConfigError, "the value -4 does not fit mode 6"],
    ["a bad voxel size", "in.mrc", "u.mrc", { voxelSizeAngstrom: 0 }, ConfigError, "must be a positive number"],
    ["a particle list from a volume", "in.mrc", "u.star", {}, FormatError, "not a particle list"],
    ["a truncated file", "cut.mrc", "u.mrc", {}, FormatError, "truncated"],
  ] as const)("refuses %s and writes nothing", async (_, input, output, options, type, message) => {
    writeFileSync(path("cut.mrc"), bytes("in.mrc").subarray(0, 1100));
    const before = readFileSync(path("in.mrc"));
    const run = () => convertFile(path(input), path(output), options);
    await expect(run()).rejects.toThrow(type);
    await expect(run()).rejects.toThrow(message);
    expect(readFileSync(path("in.mrc"))).toEqual(before);
    if (output !== "in.mrc") expect(existsSync(path(output))).toBe(false);
  });

  test("a truncated file permissively", async () => {
    writeFileSync(path("cut.mrc"), bytes("in.mrc").subarray(0, 1100));
    const { warnings } = await convertFile(path("cut.mrc"), path("filled.mrc"), { permissive: true });
    expect(warnings[0]).toMatch(/^truncated: the last 20 of 96 bytes/);
  });
});

describe("particle lists", () => {
  const star = `data_optics
loop_
_rlnOpticsGroup
_rlnImagePixelSize
1 5
data_particles
loop_
_rlnCoordinateX
_rlnCoordinateY
_rlnCoordinateZ
_rlnMicrographName
_rlnOpticsGroup
_mine
10 20 30 TS_1 1 kept
`;
  const tomograms = `data_global
loop_
_rlnTomoName
_rlnTomoSizeX
_rlnTomoSizeY
_rlnTomoSizeZ
_rlnTomoTiltSeriesPixelSize
TS_1 400 200 100 2
`;

  test("lists of tilt images take the sizes from the tomograms.star that they cannot be without", async () => {
    const general = "data_general\n_rlnTomoSubTomosAre2DStacks 1\n";
    const rows =
      "data_particles\nloop_\n_rlnTomoName\n_rlnImageName\n_rlnPixelSize\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n";
    writeFileSync(path("stacks.star"), `${general}\n${rows}TS_1 1.mrcs 5 10 20 30\n`);
    writeFileSync(path("tomograms.star"), tomograms);
    const { warnings } = await convertFile(path("stacks.star"), path("centred.star"));
    expect(warnings.join()).toContain("tomogram sizes are those of");
    expect(readParticles(readFileSync(path("centred.star"), "utf8")).particles[0]).toMatchObject({
      positionAngstrom: { x: 50 - 400, y: 100 - 200, z: 150 - 100 },
      imageName: "1.mrcs",
    });
  });

  test("RELION 3.1 to 5 and back", async () => {
    writeFileSync(path("old.star"), star);
    writeFileSync(path("tomograms.star"), tomograms);
    await expect(convertFile(path("old.star"), path("new.star"))).rejects.toThrow(
      'size of tomogram "TS_1" is not known',
    );
    await convertFile(path("old.star"), path("new.star"), { tomograms: path("tomograms.star") });
    const text = readFileSync(path("new.star"), "utf8");
    expect(text).toContain("# Converted by cosnet to a RELION 5 list");
    expect(readTomogramSizes(tomograms).get("TS_1")).toEqual({ x: 800, y: 400, z: 200 });
    // (10, 20, 30) pixels of 5 Angstrom, from the centre of 800 x 400 x 200.
    expect(readParticles(text).particles[0]).toMatchObject({
      positionAngstrom: { x: 50 - 400, y: 100 - 200, z: 150 - 100 },
      tomogramName: "TS_1",
      extra: { mine: "kept" },
    });
    await convertFile(path("new.star"), path("again.star"), {
      to: "relion3.1",
      tomograms: path("tomograms.star"),
    });
    expect(readParticles(readFileSync(path("again.star"), "utf8")).particles[0]!.positionAngstrom).toEqual({
      x: 50,
      y: 100,
      z: 150,
    });
  });
});

describe("the header of --tomogram", () => {
  const mrc = (voxelSizeAngstrom: number) => writeMrc(createVolume([8, 40, 40], voxelSizeAngstrom), { mode: 2 });
  const convert = (tomogram: string, more: ConvertOptions = {}) =>
    convertFile(path("voxels.csv"), path("voxels.tbl"), { tomogram: path(tomogram), ...more });

  test("of 1 Å is refused where positions depend on it, until the voxel size is told", async () => {
    writeFileSync(path("voxels.csv"), "x,y,z\n10,20,3\n");
    writeFileSync(path("one.mrc"), mrc(1));
    await expect(convert("one.mrc")).rejects.toThrow("the header says voxels of exactly 1 Å");
    const { summary } = await convert("one.mrc", { voxelSizeAngstrom: 10 });
    expect(summary).toContain("in voxels of 10 Å");
  });

  test("names the tomogram of a list that names none, where the format names it", async () => {
    writeFileSync(path("voxels.csv"), "x,y,z\n10,20,3\n");
    writeFileSync(path("rec_TS_01.mrc"), mrc(10));
    const nameIn = async (output: string, more: ConvertOptions = {}) => {
      await convertFile(path("voxels.csv"), path(output), { tomogram: path("rec_TS_01.mrc"), ...more });
      return readParticles(readFileSync(path(output), "utf8")).particles[0]!.tomogramName;
    };
    expect(await nameIn("named.star")).toBe("TS_01");
    expect(await nameIn("named4.star", { to: "relion4" })).toBe("TS_01");
    expect(await nameIn("other.star", { tomogramName: "TS_2" })).toBe("TS_2");
    writeFileSync(path("voxels.csv"), "x,y,z,tomogram\n10,20,3,TS_7\n");
    expect(await nameIn("own.star")).toBe("TS_7");
    expect((await convert("rec_TS_01.mrc")).warnings).not.toContainEqual(expect.stringContaining("TS_01"));
  });

  test("of an unlikely voxel size is a warning that names it and the remedy", async () => {
    writeFileSync(path("voxels.csv"), "x,y,z\n10,20,3\n");
    writeFileSync(path("half.mrc"), mrc(0.5));
    const { warnings } = await convert("half.mrc");
    expect(warnings).toEqual([expect.stringMatching(/half.mrc: the header says voxels of 0.5 Å.*give --voxel-size$/)]);
  });
});

describe("a list whose optics groups count in several pixel sizes", () => {
  const groups = (column: string) => `data_optics
loop_
_rlnOpticsGroup
_${column}
1 5
2 10
data_particles
loop_
_rlnCoordinateX
_rlnCoordinateY
_rlnCoordinateZ
_rlnMicrographName
_rlnOpticsGroup
10 20 30 TS_1 1
10 20 30 TS_2 2
`;
  /** The same places in Å, whatever a file counts in. */
  const xOf = (name: string) =>
    readParticles(readFileSync(path(name), "utf8")).particles.map(({ positionAngstrom }) => positionAngstrom!.x);

  test.each([
    ["rlnImagePixelSize", "relion3.1"],
    ["rlnImagePixelSize", "relion4"],
    ["rlnMicrographPixelSize", "relion4"],
    ["rlnMicrographPixelSize", "relion3.0"],
  ] as const)("%s: each particle's is honoured in %s", async (column, to) => {
    writeFileSync(path("groups.star"), groups(column));
    await convertFile(path("groups.star"), path("same.star"), { to });
    expect(xOf("same.star")).toEqual([50, 100]);
    await convertFile(path("groups.star"), path("asked.star"), { to, outputVoxelSizeAngstrom: 4 });
    expect(xOf("asked.star")).toEqual([50, 100]);
    expect(readFileSync(path("asked.star"), "utf8")).toContain("12.5");
  });

  test("a file of voxels is of one size: each tomogram's file, or the one that is asked for", async () => {
    writeFileSync(path("groups.star"), groups("rlnMicrographPixelSize"));
    const convert = (output: string, more: ConvertOptions = {}) =>
      convertFile(path("groups.star"), path(output), { to: "dynamo", ...more });
    await expect(convert("both.tbl")).rejects.toThrow(
      "count in several pixel sizes (5, 10 Å), and those of the format in one",
    );
    expect(existsSync(path("both.tbl"))).toBe(false);
    await convert("both.tbl", { outputVoxelSizeAngstrom: 10 });
    await convert("{tomogram}.tbl");
    const columns = (name: string) =>
      readFileSync(path(name), "utf8")
        .trim()
        .split("\n")
        .map((line) => Number(line.split(/\s+/)[23]));
    expect([columns("both.tbl"), columns("TS_1.tbl"), columns("TS_2.tbl")]).toEqual([[6, 11], [11], [11]]);
  });

  test("one optics group cannot hold two", async () => {
    const old =
      "data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n_rlnDetectorPixelSize\n_rlnMagnification\n";
    writeFileSync(path("old.star"), `${old}10 20 30 5 10000\n10 20 30 10 10000\n`);
    await convertFile(path("old.star"), path("same.star"), { to: "relion3.0" });
    expect(xOf("same.star")).toEqual([50, 100]);
    const refused = convertFile(path("old.star"), path("one.star"), { to: "relion3.1" });
    await expect(refused).rejects.toThrow("optics group 1 count in pixels of 5 and of 10 Å");
  });
});

test("names that paths or copick change are said", async () => {
  writeFileSync(path("names.csv"), "x,y,z,class,tomogram\n1,2,3,80S ribosome,day 2/TS_01.mrc\n");
  const { warnings } = await convertFile(path("names.csv"), path("project"), { to: "copick", voxelSizeAngstrom: 10 });
  expect(warnings).toEqual(
    expect.arrayContaining([
      'in the names of files, "day 2/TS_01.mrc" is written as TS_01',
      'in the names of files, "80S ribosome" is written as 80S-ribosome',
    ]),
  );
});

describe("RELION 5 lists and the tomograms.star beside them", () => {
  const tomograms =
    "data_global\nloop_\n_rlnTomoName\n_rlnTomoSizeX\n_rlnTomoSizeY\n_rlnTomoSizeZ\n_rlnTomoTiltSeriesPixelSize\nTS_1 400 200 100 2\n";
  const axes = ["X", "Y", "Z"].map((axis) => `_rlnCenteredCoordinate${axis}Angst\n`).join("");
  const list = (name: string) => `data_particles\nloop_\n_rlnTomoName\n${axes}${name} -10 20 0\n`;

  test("are converted without being told the size, which is said; a given one counts for more", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cosnet-beside-"));
    const inFolder = (name: string) => join(folder, name);
    writeFileSync(inFolder("picks.star"), list("TS_1.tomostar"));
    writeFileSync(inFolder("tomograms.star"), tomograms);
    const { warnings } = await convertFile(inFolder("picks.star"), inFolder("picks.tbl"), {
      outputVoxelSizeAngstrom: 2,
    });
    expect(warnings).toContain(`tomogram sizes are those of ${inFolder("tomograms.star")}`);
    const columns = readFileSync(inFolder("picks.tbl"), "utf8").trim().split(/\s+/);
    expect(columns.slice(23, 26)).toEqual(["196", "111", "51"]); // (400 - 10, 200 + 20, 100) Å, the first voxel being 1
    writeFileSync(inFolder("other.star"), tomograms.replace("400 200 100", "800 200 100"));
    await convertFile(inFolder("picks.star"), inFolder("other.csv"), { tomograms: inFolder("other.star") });
    expect(readFileSync(inFolder("other.csv"), "utf8")).toContain("790,220,100");
    writeFileSync(inFolder("picks.star"), list("TS_2"));
    await expect(convertFile(inFolder("picks.star"), inFolder("b.csv"))).rejects.toThrow('size of tomogram "TS_2"');
    rmSync(folder, { recursive: true });
  });

  test("get the name that is given", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cosnet-name-"));
    const inFolder = (name: string) => join(folder, name);
    writeFileSync(inFolder("picks.star"), list("rec_TS_1"));
    await convertFile(inFolder("picks.star"), inFolder("named.star"), { tomogramName: "TS_1" });
    expect(readParticles(readFileSync(inFolder("named.star"), "utf8")).particles[0]!.tomogramName).toBe("TS_1");
    writeFileSync(inFolder("picks.star"), `${list("TS_1")}TS_2 0 0 0\n`);
    await expect(convertFile(inFolder("picks.star"), inFolder("b.star"), { tomogramName: "TS_1" })).rejects.toThrow(
      "the particles are of 2 tomograms",
    );
    rmSync(folder, { recursive: true });
  });
});
