import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { FileError, FormatError } from "../../errors.js";
import { writeMrc, writeNpy, writeSafetensors } from "../../io/index.js";
import { createVolume } from "../../volume/index.js";
import { describeFile } from "./info.js";

const folder = mkdtempSync(join(tmpdir(), "cosnet-info-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function describeContent(name: string, content: Uint8Array | string) {
  writeFileSync(join(folder, name), content);
  const { path: _, ...rest } = await describeFile(join(folder, name));
  return rest;
}

const data = Float32Array.from({ length: 24 }, (_, i) => i - 4);
const volume = createVolume([2, 3, 4], 13.5, data);
const statistics = { count: 24, minimum: -4, maximum: 19, mean: 7.5, nanCount: 0, infiniteCount: 0 };

describe("kinds are told by content, not by name", () => {
  test("MRC, plain and gzip-compressed", async () => {
    const bytes = writeMrc(volume, { mode: 1, byteOrder: "big" });
    for (const [gzip, content] of [
      [false, bytes],
      [true, gzipSync(bytes)],
    ] as const) {
      const description = await describeContent("some.file", content);
      expect(description).toMatchObject({ kind: "mrc", gzip, statistics, warnings: [] });
      expect(description.fields).toMatchObject({
        nx: 4,
        ny: 3,
        nz: 2,
        voxelSizeAngstrom: 13.5,
        mode: "1 (int16)",
        byteOrder: "big-endian",
      });
    }
  });

  test("NPY, safetensors, STAR, PDB, ONNX and others", async () => {
    const npy = await describeContent("a", writeNpy({ shape: [2, 3, 4], data }));
    expect(npy).toMatchObject({ kind: "npy", statistics, fields: { shape: "2 x 3 x 4", type: "<f4" } });
    const weights = writeSafetensors(new Map([["w", { dtype: "F32", shape: [4, 6], data }]]), { preset: "paper" });
    expect(await describeContent("b", weights)).toMatchObject({
      kind: "safetensors",
      fields: { tensors: 1, values: 24, preset: "paper" },
    });
    const star = "data_particles\nloop_\n_rlnImageName\n_rlnClassNumber\na 1\nb 2\nc 1\n";
    expect(await describeContent("c", star)).toMatchObject({
      kind: "star",
      fields: { data_particles: "3 rows, 2 columns", particles: 3, classes: 2, positions: "none" },
    });
    const pdb = "ATOM      1  CA  ALA A   1       1.000   2.000   3.000  1.00  0.00           C\n";
    expect(await describeContent("d", pdb)).toMatchObject({ kind: "pdb", fields: { heavyAtoms: 1, assembly: "none" } });
    const foreign = Uint8Array.of(8, 8, 0x12, 1, 99, 0x3a, 0); // version, producer "c", an empty graph
    expect(await describeContent("e", foreign)).toMatchObject({
      kind: "onnx",
      warnings: ["this model was not written by cosnet, and cosnet cannot run it"],
    });
    await expect(describeContent("e", foreign.subarray(0, 4))).rejects.toThrow("not a complete ONNX model");
    const shipped = (name: string) => describeFile(join(import.meta.dirname, "../../../models", name));
    expect(await shipped("cosnet.onnx")).toMatchObject({
      kind: "onnx",
      fields: { network: "classifier, preset cosnet", box: "32 x 32 x 32", embeddingSize: 128, voxelSizeAngstrom: 10 },
      warnings: [],
    });
    expect(await shipped("detector.onnx")).toMatchObject({
      kind: "onnx",
      fields: { network: "detector", features: 112, voxelSizeAngstrom: 10, int8: expect.stringContaining("patches") },
      warnings: [],
    });
    expect(await describeContent("f", "x,y,z\n1,2,3\n")).toMatchObject({
      kind: "particles",
      fields: {
        format: "CSV table",
        particles: 1,
        positions: "in voxels from the first voxel",
        voxelSizeAngstrom: undefined,
      },
    });
    expect(await describeContent("g.txt", "a,b\n1,2\n")).toMatchObject({ kind: "unknown" });
  });

  test("a broken particle list is described with what is wrong; damage is an error", async () => {
    const star = "data_particles\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n1 2 3\n";
    expect((await describeContent("g", star)).warnings[0]).toMatch(/does not say how large a pixel is/);
    await expect(describeContent("h", writeMrc(volume).subarray(0, 1100))).rejects.toThrow(FormatError);
    await expect(describeContent("i", "")).rejects.toThrow("the file is empty");
    await expect(describeFile(join(folder, "none"))).rejects.toThrow(FileError);
    await expect(describeFile(folder)).rejects.toThrow("this is a folder, not a file");
  });

  test("what a name promises and the content does not keep is an error that says why", async () => {
    const wrongMode = writeMrc(volume);
    wrongMode[12] = 99;
    await expect(describeContent("k.mrc", wrongMode)).rejects.toThrow("header field mode: mode 99 is unknown");
    await expect(describeContent("k.map", new Uint8Array(300))).rejects.toThrow("300 bytes are too few");
    await expect(describeContent("k.pdb", "HEADER\nEND\n")).rejects.toThrow("neither PDB nor mmCIF");
    await expect(describeContent("k.star", "hello")).rejects.toThrow("there is no data_ line");
    await expect(describeContent("k.onnx", "hello")).rejects.toThrow("not a complete ONNX model");
  });

  test("STAR files with a byte order mark are known; long comments take no time to refuse", async () => {
    expect(await describeContent("l", "\ufeff# made by hand   \n\ndata_a\n_b 1\n")).toMatchObject({ kind: "star" });
    const hostile = `#${" ".repeat(40)}\n`.repeat(200);
    expect(await describeContent("m", `${hostile}x`)).toMatchObject({ kind: "unknown" });
  });

  test("an empty array is described, not counted", async () => {
    const empty = await describeContent("n", writeNpy({ shape: [0, 3, 4], data: new Float32Array(0) }));
    expect(empty).toMatchObject({ kind: "npy", warnings: ["the array holds no values"] });
    expect(empty.statistics).toBeUndefined();
  });

  test("an aborted description stops", async () => {
    writeFileSync(join(folder, "j"), writeMrc(volume));
    await expect(describeFile(join(folder, "j"), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      tag: "abort",
    });
  });
});

const DATA = join(import.meta.dirname, "../../../../shared/data");

describe.skipIf(!existsSync(DATA))("real files (skipped when ../shared/data is absent)", () => {
  test.each([
    ["real/EMD-1155_HIV1_tomogram.ccp4", "mrc", { nx: 141, ny: 91, nz: 281, voxelSizeAngstrom: 16.4 }],
    ["real/cryoCAT_ribosome_average_48.em", "em", { nx: 48, type: "float32" }],
    ["real/cryodrgn_insitu_ribosome_tilts_64.star", "star", { particles: 219 }],
    ["real/cryoCAT_relion5_tutorial_tomograms.star", "star", { data_global: "5 rows, 16 columns" }],
    ["structures/benchmark/test/1W6T.cif.gz", "mmcif", { chains: 8, operators: 4 }],
    ["structures/benchmark/train/2BUK.pdb.gz", "pdb", { chains: 60, massKilodalton: 1224 }],
    [
      "real/EMPIAR10988_TS037_cyto_ribosomes.csv",
      "particles",
      { particles: 1646, extent: "x 7 to 950, y 284 to 921, z 169 to 370" },
    ],
    ["real/cryoCAT_TRiC_motl.em", "particles", { particles: 139, voxelSizeAngstrom: undefined }],
    ["real/cryoCAT_ribosome_motl.em", "particles", { particles: 1023 }],
    ["real/cryoCAT_ribosome_motl_t126.em", "particles", { particles: 50, tomograms: 1 }],
    ["real/cryoCAT_ribosome_mask_48.em", "em", { nx: 48, ny: 48, nz: 48 }],
    ["real/cryoCAT_ribosome_subtomogram_48.em", "em", { nx: 48 }],
    ["real/cryoCAT_wedge_tile_48.em", "em", { nx: 48 }],
    ["real/cryoCAT_TS017.mdoc", "tilts", { tiltImages: 60, pixelSizeAngstrom: 1.971, imageSize: "4096 x 4096" }],
    ["real/cryoCAT_TS017_gctf.star", "star", { data_: "60 rows, 12 columns" }],
    ["real/cryoCAT_lamella_TM_bin6.star", "star", { particles: 177, voxelSizeAngstrom: 7.338 }],
    ["real/cryoCAT_relion5_TS_01_tilt.star", "star", { tiltImages: 40 }],
    [
      "real/cryoCAT_relion5_tutorial_tomograms.star",
      "star",
      { "tomogram TS_01": "4000 x 4000 x 2000 pixels of 1.35 Å" },
    ],
    ["real/cryoCAT_tilt_stack_4.mrc", "mrc", { nx: 232, ny: 240, nz: 4 }],
    ["real/cryodrgn_insitu_ribosome_tilts_64.mrcs", "mrc", { nx: 64, ny: 64, nz: 220 }],
    ["real/pytom_real_ribosome_subtomogram_100.em", "em", { nx: 100, ny: 100, nz: 100 }],
    ["real/pytom_real_ribosome_subtomogram_100.xml", "particles", { particles: 1, format: "PyTom particle list" }],
    ["real/pytom_tiltseries/projectionList.xml", "tilts", { tiltImages: 41, tiltDegrees: "-59.986 to 59.991" }],
    ["real/pytom_tiltseries/projection_00.em", "em", { nx: 100, ny: 100, nz: 1 }],
    ["real/pytom_tiltseries/p1_reconstruction.em", "em", { nx: 100, ny: 100, nz: 100 }],
    [
      "simulated/shrec_particle_locations_model_9.txt",
      "particles",
      { particles: 2540, format: "SHREC particle list", orientations: "yes" },
    ],
    ["simulated/labelled_tomograms/tomo01_objects.xml", "particles", { particles: 27, classes: 9 }],
  ])("%s", async (file, kind, fields) => {
    expect(await describeFile(join(DATA, file))).toMatchObject({ kind, fields });
  });
});

describe("STAR lists", () => {
  const axes = (name: (axis: string) => string) => ["X", "Y", "Z"].map((axis) => `_${name(axis)}\n`).join("");
  const centred = `data_particles\nloop_\n_rlnTomoName\n${axes((axis) => `rlnCenteredCoordinate${axis}Angst`)}TS_1 0 0 0\n`;

  test("are described in pixels where their size is not known, and by --voxel-size in Å", async () => {
    const star = `data_\nloop_\n${axes((axis) => `rlnCoordinate${axis}`)}1 2 3\n`;
    const { fields, warnings } = await describeContent("pixels.star", star);
    expect(fields).toMatchObject({ particles: 1, positions: "in voxels from the first voxel" });
    expect(warnings).toEqual([expect.stringContaining("does not say how large a pixel is")]);
    const known = await describeFile(join(folder, "pixels.star"), { voxelSizeAngstrom: 10 });
    expect(known).toMatchObject({ fields: { extent: "x 10 to 10, y 20 to 20, z 30 to 30" }, warnings: [] });
  });

  test("of RELION 5 are placed by the tomograms.star beside them; impossible sizes are named", async () => {
    const tomograms = (x: number) =>
      `data_global\nloop_\n_rlnTomoName\n${axes((axis) => `rlnTomoSize${axis}`)}_rlnTomoTiltSeriesPixelSize\nTS_1 ${x} 20 30 10\n`;
    writeFileSync(join(folder, "tomograms.star"), tomograms(10));
    const { fields, warnings } = await describeContent("centred.star", centred);
    expect(fields).toMatchObject({
      positions: "in Å from the first voxel",
      extent: "x 50 to 50, y 100 to 100, z 150 to 150",
    });
    expect(warnings).toEqual([expect.stringMatching(/tomogram sizes are those of .*tomograms.star/)]);
    const broken = await describeContent("tomograms.star", tomograms(-999));
    expect(broken.warnings).toEqual([expect.stringContaining("TS_1 has the impossible size -999 x 20 x 30")]);
    expect((await describeContent("centred.star", centred)).fields.positions).toBe("in Å from the tomogram centre");
    rmSync(join(folder, "tomograms.star"));
  });

  test("of 2-D stacks say so, and what to do", async () => {
    const stacks = `data_general\n_rlnTomoSubTomosAre2DStacks 1\n${centred
      .replace("loop_\n", "loop_\n_rlnImageName\n")
      .replace("TS_1", "a_stack2d.mrcs TS_1")}`;
    const { fields, warnings } = await describeContent("stacks.star", stacks);
    expect(fields.images).toBe("stacks of 2-D images: of 1 of 1");
    expect(warnings).toEqual([expect.stringMatching(/2-D, not boxes\. Extract 3-D subtomograms.*--tomogram/)]);
  });
});

test("EMAN2's boxes are described from the centre, in Å, without a voxel size that nobody gave", async () => {
  const boxes = { apix_unbin: 2.5, boxes_3d: [[-10, 20, 30, "manual", 0, 0]], class_list: {} };
  const description = await describeContent("ts1_info.json", JSON.stringify(boxes));
  expect(description).toMatchObject({
    fields: {
      voxelSizeAngstrom: 2.5,
      positions: "in Å from the tomogram centre",
      extent: "x -25 to -25, y 50 to 50, z 75 to 75",
    },
    warnings: [],
  });
});

test.each([
  ["bzip2", [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
  ["Zstandard", [0x28, 0xb5, 0x2f, 0xfd]],
  ["zip", [0x50, 0x4b, 3, 4]],
])("a file compressed by %s is named as such", async (program, bytes) => {
  await expect(describeContent("tomogram.mrc.packed", Uint8Array.from([...bytes, 0, 1, 2, 3]))).rejects.toThrow(
    `this is compressed by ${program}`,
  );
});
