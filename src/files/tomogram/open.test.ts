import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConfigError, FileError, FormatError } from "../../errors.js";
import { readBox, writeEm, writeHdf5, writeMrc, writeNpy, writeTiff } from "../../io/index.js";
import { createVolume } from "../../volume/index.js";
import { eachSection, openTomogram, readVolumeFile, writeOmeZarr } from "./index.js";

const VOXEL = 8;
const volume = createVolume(
  [5, 6, 7],
  VOXEL,
  Float32Array.from({ length: 210 }, (_, i) => ((37 * i) % 211) - 100),
);
let folder: string;
const path = (name: string) => join(folder, name);

/** Columns along z, rows along y, sections along x. */
function mrcWithOtherAxes(): Uint8Array {
  const [nz, ny, nx] = volume.shape;
  const turned = createVolume([nx, ny, nz], VOXEL);
  volume.data.forEach((value, i) => {
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))];
    turned.data[(x * ny + y) * nz + z] = value;
  });
  const bytes = writeMrc(turned);
  new Uint32Array(bytes.buffer, 64, 3).set([3, 2, 1]); // mapc, mapr, maps
  return bytes;
}

/** Names say nothing, or the wrong thing. */
const FILES = [
  ["mrc", "tomogram", () => writeMrc(volume)],
  ["mrc", "integers.em", () => writeMrc(volume, { mode: 1, byteOrder: "big" })],
  ["mrc", "turned.dat", mrcWithOtherAxes],
  ["mrc", "packed.mrc", () => gzipSync(writeMrc(volume))],
  ["em", "em.mrc", () => writeEm(volume)],
  ["npy", "array.rec", () => writeNpy(volume)],
  ["hdf5", "eman.mrc", () => writeHdf5(volume)],
  ["tiff", "stack.mrc", () => writeTiff(volume)],
  ["hdf5", "eman.gz", async () => gzipSync(await writeHdf5(volume))],
] as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-door-"));
  for (const [, name, content] of FILES) await writeFile(path(name), await content());
  await writeOmeZarr(path("store.mrc"), volume, { name: "store" });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each<[kind: string, name: string]>([
  ...FILES.map(([kind, name]): [string, string] => [kind, name]),
  ["zarr", "store.mrc"],
])("a tomogram of kind %s in %s has the same sections, blocks and boxes as any other", async (kind, name) => {
  await using tomogram = await openTomogram(path(name), { voxelSizeAngstrom: VOXEL });
  expect(tomogram).toMatchObject({ kind, shape: volume.shape, voxelSizeAngstrom: VOXEL, warnings: [] });
  expect(tomogram.sizeAngstrom).toEqual({ x: 56, y: 48, z: 40 });
  const sections: number[] = [];
  await eachSection(tomogram, (section, z) => sections.push(z, ...section));
  expect(sections).toEqual([0, 1, 2, 3, 4].flatMap((z) => [z, ...volume.data.subarray(z * 42, (z + 1) * 42)]));
  const at = (z: number, y: number, x: number) => volume.data[(z * 6 + y) * 7 + x];
  expect([...(await tomogram.read([1, 2, 3], [2, 1, 2]))]).toEqual([
    at(1, 2, 3),
    at(1, 2, 4),
    at(2, 2, 3),
    at(2, 2, 4),
  ]);
  expect([...(await tomogram.read([3, 1, 0], [1, 2, 7]))]).toEqual([...volume.data.subarray(133, 147)]);
  const box = await readBox(tomogram, { x: 0, y: 3 * VOXEL, z: 2 * VOXEL }, 2);
  expect(box).toMatchObject({ centreVoxel: { x: 0, y: 3, z: 2 }, outsideFraction: 0.5 });
  expect([1, 3, 5, 7].map((i) => box.volume.data[i])).toEqual([at(1, 2, 0), at(1, 3, 0), at(2, 2, 0), at(2, 3, 0)]);
  expect((await readVolumeFile(path(name))).volume.data).toEqual(volume.data);
});

test("a file larger than can be read whole is read by parts, whatever its name", async () => {
  const [nz, ny, nx] = [2200, 1000, 1000];
  const bytes = writeMrc(createVolume([1, 1, 1], VOXEL), { mode: 0 });
  new Int32Array(bytes.buffer, 0, 3).set([nx, ny, nz]);
  new Int32Array(bytes.buffer, 28, 3).set([nx, ny, nz]);
  new Float32Array(bytes.buffer, 40, 3).set([VOXEL * nx, VOXEL * ny, VOXEL * nz]);
  {
    await using file = await open(path("large.tomogram"), "w");
    await file.write(bytes);
    await file.write(Uint8Array.of(77), 0, 1, 1024 + (2100 * ny + 500) * nx + 250);
    await file.truncate(1024 + nz * ny * nx); // a hole of 2.2 GB takes no room
  }
  await using tomogram = await openTomogram(path("large.tomogram"));
  const section = await tomogram.read([2100, 0, 0], [1, ny, nx]);
  expect(section.indexOf(77)).toBe(500 * nx + 250);
});

test("the voxel size: what is believed, what the file says, what stands in for a missing or a default one", async () => {
  const sizeOf = async (name: string, options = {}) => {
    await using tomogram = await openTomogram(path(name), options);
    return tomogram.voxelSizeAngstrom;
  };
  await writeFile(path("unknown"), writeMrc({ ...volume, voxelSizeAngstrom: Number.NaN }));
  await writeFile(path("default"), writeMrc({ ...volume, voxelSizeAngstrom: 1 }));
  const fallbackVoxelSizeAngstrom = 5;
  expect(await sizeOf("tomogram", { voxelSizeAngstrom: 9, fallbackVoxelSizeAngstrom })).toBe(9);
  expect(await sizeOf("tomogram", { fallbackVoxelSizeAngstrom })).toBe(8);
  expect(await sizeOf("default")).toBe(1);
  for (const name of ["default", "unknown", "array.rec"])
    expect(await sizeOf(name, { fallbackVoxelSizeAngstrom })).toBe(5);
  for (const name of ["unknown", "array.rec"]) await expect(sizeOf(name)).rejects.toThrow(ConfigError);
  await expect(sizeOf("tomogram", { voxelSizeAngstrom: -1 })).rejects.toThrow(ConfigError);
});

test("what is no tomogram is refused, and what is odd is said", async () => {
  const bytes = writeMrc(volume);
  await writeFile(path("long"), new Uint8Array([...bytes, 0, 0, 0]));
  await using tomogram = await openTomogram(path("long"), { voxelSizeAngstrom: 9 });
  expect(tomogram.warnings).toEqual(["3 bytes follow the data and are ignored"]);
  expect(tomogram.voxelSizeSource).toBe("as --voxel-size says, instead of the header's 8 Å");
  await writeFile(path("cut"), bytes.subarray(0, 1500));
  await expect(openTomogram(path("cut"))).rejects.toThrow("truncated: 7 x 6 x 5 voxels of float32 need 1864 bytes");
  await writeFile(path("text"), "x,y,z\n");
  await expect(openTomogram(path("text"))).rejects.toThrow(
    "not a volume: expected an MRC, EM, NPY, HDF5, TIFF or Zarr",
  );
  await writeFile(path("text.mrc"), "x,y,z\n");
  await expect(openTomogram(path("text.mrc"))).rejects.toThrow("6 bytes are too few for the 1024-byte MRC header");
  await expect(openTomogram(folder)).rejects.toThrow(FileError);
  await expect(openTomogram(folder)).rejects.toMatchObject({ hint: expect.stringContaining("cosnet batch run") });
  await writeFile(path("cut.gz"), gzipSync(bytes).subarray(0, 100));
  await expect(openTomogram(path("cut.gz"))).rejects.toThrow(FormatError);
});
