import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as zarr from "zarrita";
import { writeOmeZarr } from "./ome-zarr.js";
import { halfMean } from "./pyramid.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-zarr-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a store reads back as what was written, pyramid, labels and all", async () => {
  const shape = [3, 70, 130] as const;
  const data = Float32Array.from({ length: 3 * 70 * 130 }, (_, i) => i);
  const labels = { classes: Uint8Array.from(data, (value) => value % 251) };
  const path = join(folder, "volume.ome.zarr");
  await writeOmeZarr(path, { data, shape, voxelSizeAngstrom: 10 }, { name: "volume", labels });
  expect(await readdir(folder)).toEqual(["volume.ome.zarr"]);
  const group = JSON.parse(await readFile(join(path, "zarr.json"), "utf8"));
  const [image] = group.attributes.ome.multiscales;
  expect(image.axes[0]).toEqual({ name: "z", type: "space", unit: "angstrom" });
  expect(image.datasets[1]).toEqual({
    path: "1",
    coordinateTransformations: [
      { type: "scale", scale: [20, 20, 20] },
      { type: "translation", translation: [5, 5, 5] },
    ],
  });
  const store = {
    get: (key: string) =>
      readFile(join(path, key)).then(
        (bytes) => new Uint8Array(bytes),
        () => undefined,
      ),
  };
  const read = async (name: string) => zarr.get(await zarr.open(zarr.root(store).resolve(name), { kind: "array" }));
  expect((await read("0")).data).toEqual(data);
  expect((await read("1")).shape).toEqual([2, 35, 65]);
  expect((await read("labels/classes/0")).data).toEqual(labels.classes);
  expect(JSON.parse(await readFile(join(path, "labels/zarr.json"), "utf8")).attributes.ome.labels).toEqual(["classes"]);
});

test("arrays are what the specification of Zarr 3 asks for", async () => {
  const path = join(folder, "valid");
  const data = Float32Array.from({ length: 200 }, (_, i) => i);
  const labels = { classes: new Uint8Array(200) };
  await writeOmeZarr(path, { data, shape: [2, 10, 10], voxelSizeAngstrom: 10 }, { name: "v", labels });
  const document = async (name: string) => JSON.parse(await readFile(join(path, name, "zarr.json"), "utf8"));
  expect(await document("0")).toEqual({
    zarr_format: 3,
    node_type: "array",
    shape: [2, 10, 10],
    data_type: "float32",
    chunk_grid: { name: "regular", configuration: { chunk_shape: [2, 10, 10] } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: 0,
    codecs: [
      { name: "bytes", configuration: { endian: "little" } },
      {
        name: "blosc",
        configuration: { cname: "zstd", clevel: 3, shuffle: "shuffle", typesize: 4, blocksize: 0 },
      },
    ],
    attributes: {},
    dimension_names: ["z", "y", "x"],
  });
  for (const group of ["", "labels", "labels/classes"])
    expect(await document(group)).toMatchObject({ zarr_format: 3, node_type: "group" });
  expect((await document("labels/classes/0")).codecs[0]).toEqual({ name: "bytes" });
  // A chunk of zeros alone is left out: it is the fill value.
  expect(await readdir(join(path, "labels/classes/0"))).toEqual(["zarr.json"]);
});

test("sections one after the other give the same store as the whole volume", async () => {
  const shape = [133, 9, 130] as const;
  const data = Float32Array.from({ length: 133 * 9 * 130 }, (_, i) => Math.sin(i));
  const classes = Uint16Array.from(data, (value) => Math.round(1000 + 900 * value));
  const whole = { shape, voxelSizeAngstrom: 7 };
  const asked: number[] = [];
  const parts = (values: Float32Array | Uint16Array) => (from: number, to: number) => {
    asked.push(to - from);
    return values.slice(from * 9 * 130, to * 9 * 130);
  };
  await writeOmeZarr(join(folder, "whole"), { ...whole, data }, { name: "v", labels: { classes } });
  await writeOmeZarr(
    join(folder, "parts"),
    { ...whole, sections: parts(data) },
    { name: "v", labels: { classes: parts(classes) } },
  );
  expect(asked).toEqual([64, 64, 5, 64, 64, 5]);
  const names = (await readdir(join(folder, "whole"), { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  expect(names.length).toBeGreaterThan(20);
  for (const { parentPath, name } of names) {
    const path = join(parentPath, name);
    const other = path.replace(join(folder, "whole"), join(folder, "parts"));
    expect((await readFile(path)).equals(await readFile(other)), path).toBe(true);
  }
});

test("a level is the mean of eight voxels, of fewer at an odd edge", () => {
  const data = Float32Array.from({ length: 12 }, (_, i) => i); // [2, 2, 3]
  const { shape, voxelSizeAngstrom, data: half } = halfMean({ data, shape: [2, 2, 3], voxelSizeAngstrom: 10 });
  expect([shape, voxelSizeAngstrom]).toEqual([[1, 1, 2], 20]);
  expect([...half]).toEqual([(0 + 1 + 3 + 4 + 6 + 7 + 9 + 10) / 8, (2 + 5 + 8 + 11) / 4]);
});
