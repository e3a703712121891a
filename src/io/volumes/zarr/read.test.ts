import { describe, expect, test } from "vitest";
import { FormatError } from "../../../errors.js";
import { openZarr, readZarr } from "./read.js";
import type { ZarrStore } from "./store.js";
import { encodeZarrArray, encodeZarrChunk } from "./write.js";

/** Zarr 2 with OME-Zarr 0.4 metadata, uncompressed, two chunks along z; written out by hand from the two specifications. */
function store04({
  axes = ["z", "y", "x"],
  unit = "angstrom",
  path = "0",
  shape = [2, 3, 4],
  images = 1,
} = {}): ZarrStore {
  const transformations = [{ type: "scale", scale: axes.map((axis) => (axis === "c" ? 1 : 2)) }];
  const dataset = { path, coordinateTransformations: transformations };
  const multiscale = {
    version: "0.4",
    axes: axes.map((name) => (name === "c" ? { name, type: "channel" } : { name, type: "space", unit })),
    datasets: [dataset],
    coordinateTransformations: [{ type: "scale", scale: axes.map((axis) => (axis === "c" ? 1 : 3.5)) }],
  };
  const chunk = (from: number) => new Uint8Array(Int16Array.from({ length: 12 }, (_, i) => from + i - 4).buffer);
  const files: Record<string, unknown> = {
    "/.zgroup": { zarr_format: 2 },
    "/.zattrs": { multiscales: new Array(images).fill(multiscale) },
    "/0/.zarray": {
      zarr_format: 2,
      shape,
      chunks: [...shape.slice(0, -3).map(() => 1), 1, 3, 4],
      dtype: "<i2",
      compressor: null,
      fill_value: 0,
      order: "C",
      filters: null,
    },
  };
  const prefix = shape.length === 4 ? "0." : "";
  const chunks: Record<string, Uint8Array> = { [`/0/${prefix}0.0.0`]: chunk(0), [`/0/${prefix}1.0.0`]: chunk(12) };
  return {
    get: async (key) =>
      chunks[key] ?? (files[key] === undefined ? undefined : new TextEncoder().encode(JSON.stringify(files[key]))),
  };
}

describe("OME-Zarr 0.4 in Zarr 2", () => {
  test("of several images the first is read, with a word", async () => {
    expect((await openZarr(store04({ images: 2 }))).warnings).toEqual(["the first of its 2 images is read"]);
    expect((await openZarr(store04())).warnings).toEqual([]);
  });

  test("values, and the voxel size of both transformations together", async () => {
    const { volume, type, levelCount, warnings } = await readZarr(store04());
    expect(volume).toMatchObject({ shape: [2, 3, 4], voxelSizeAngstrom: 7 });
    expect([...volume.data]).toEqual(Array.from({ length: 24 }, (_, i) => i - 4));
    expect({ type, levelCount, warnings }).toEqual({ type: "int16", levelCount: 1, warnings: [] });
  });

  test("units of length become Angstrom; others say nothing", async () => {
    expect((await openZarr(store04({ unit: "nanometer" }))).voxelSizeAngstrom).toBe(70);
    const unknown = await openZarr(store04({ unit: "furlong" }));
    expect(unknown.voxelSizeAngstrom).toBeUndefined();
    expect(unknown.warnings).toEqual([
      'no unit of length that is known: z in "furlong", y in "furlong", x in "furlong"',
      "the store states no voxel size in units of length",
    ]);
    expect((await openZarr(store04({ unit: "furlong" }), { voxelSizeAngstrom: 4 })).voxelSizeAngstrom).toBe(4);
  });

  test("one box of it; a channel of one is passed over", async () => {
    const level = await openZarr(store04({ axes: ["c", "z", "y", "x"], shape: [1, 2, 3, 4] }));
    expect(level.shape).toEqual([2, 3, 4]);
    expect([...(await level.read([1, 0, 2], [1, 2, 2]))]).toEqual([10, 11, 14, 15]);
  });

  test("a store that claims much is opened, and refused when it is to be read whole", async () => {
    const level = await openZarr(store04({ shape: [100_000, 100_000, 100_000] }));
    expect([...(await level.read([0, 0, 0], [1, 1, 2]))]).toEqual([-4, -3]);
    await expect(level.read([0, 0, 0], level.shape)).rejects.toThrow("can be read at once");
  });

  test.each<[string, ZarrStore, object, string]>([
    ["an empty folder", { get: async () => undefined }, {}, "not a readable Zarr store"],
    ["a level that is not there", store04(), { level: 3 }, "there is no level 3"],
    ["a level outside of the store", store04({ path: "../../etc" }), {}, "lies outside of the store"],
    [
      "two channels",
      store04({ axes: ["c", "z", "y", "x"], shape: [2, 2, 3, 4] }),
      {},
      "an array of 2 x 2 x 3 x 4 is not a volume",
    ],
    ["metadata that are no JSON", { get: async () => Uint8Array.of(1, 2) }, {}, "not a readable Zarr store"],
  ])("refuses %s", async (_, store, options, message) => {
    const opening = openZarr(store, { name: "bad.zarr", ...options });
    await expect(opening).rejects.toThrow(FormatError);
    await expect(opening).rejects.toThrow(message);
  });
});

test("section after section decodes every chunk once, however little is to be kept", async () => {
  const shape = [5, 3, 4] as const;
  const chunkShape = [2, 2, 3] as const;
  const values = Float32Array.from({ length: 60 }, (_, i) => i + 1);
  const files = new Map<string, Uint8Array>([["/zarr.json", encodeZarrArray(values, shape, chunkShape)]]);
  for (const z of [0, 1, 2])
    for (const y of [0, 1])
      for (const x of [0, 1]) {
        const chunk = await encodeZarrChunk(values, shape, [2 * z, 2 * y, 3 * x], chunkShape);
        files.set(`/c/${z}/${y}/${x}`, chunk!);
      }
  const asked: string[] = [];
  const get: ZarrStore["get"] = async (key) => {
    if (key.startsWith("/c/")) asked.push(key);
    return files.get(key);
  };
  const level = await openZarr({ get }, { keptBytes: 1 });
  const sections: number[] = [];
  for (let z = 0; z < 5; z++) sections.push(...(await level.read([z, 0, 0], [1, 3, 4])));
  expect(sections).toEqual([...values]);
  expect(asked).toEqual([...files.keys()].slice(1));
  expect([...(await level.read([4, 2, 3], [1, 1, 1]))]).toEqual([60]);
  expect(asked).toHaveLength(12);
});
