/** Stores as other programs write them: every codec by zarrita, metadata by hand. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zlibSync } from "fflate";
import { describe, expect, test } from "vitest";
import * as zarr from "zarrita";
import { zarrFolder } from "../../../files/disk/index.js";
import type { Shape3 } from "../../../volume/index.js";
import { encodeFloat16 } from "../float16.js";
import { readNpy } from "../npy/npy.js";
import { crc32c } from "./checksum.js";
import { openZarr, readZarr } from "./read.js";
import type { ZarrStore } from "./store.js";

const SHAPE: Shape3 = [5, 6, 7];
const VALUES = Float32Array.from({ length: 210 }, (_, i) => ((37 * i) % 211) - 100);

type Files = Readonly<Record<string, unknown>>;

/** JSON for objects, bytes as they are. */
function storeOf(files: Files): ZarrStore {
  return {
    get: async (key) => {
      const file = Object.hasOwn(files, key) ? files[key] : undefined;
      if (file === undefined || file instanceof Uint8Array) return file;
      return new TextEncoder().encode(JSON.stringify(file));
    },
  };
}

/** A Zarr 3 array of one chunk. */
function array3(bytes: Uint8Array | undefined, changes: object = {}): ZarrStore {
  const shape = (changes as { shape?: number[] }).shape ?? SHAPE;
  return storeOf({
    "/zarr.json": {
      zarr_format: 3,
      node_type: "array",
      shape,
      data_type: "float32",
      chunk_grid: { name: "regular", configuration: { chunk_shape: shape } },
      chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
      fill_value: 0,
      codecs: [{ name: "bytes", configuration: { endian: "little" } }],
      ...changes,
    },
    "/c/0/0/0": bytes,
  });
}

/** A Zarr 2 array of one chunk. */
function array2(bytes: Uint8Array | undefined, changes: object = {}): ZarrStore {
  const shape = (changes as { shape?: number[] }).shape ?? SHAPE;
  const document = {
    zarr_format: 2,
    shape,
    chunks: shape,
    dtype: "<f4",
    compressor: null,
    fill_value: 0,
    filters: null,
  };
  return storeOf({ "/.zarray": { ...document, order: "C", ...changes }, "/0.0.0": bytes });
}

const bytesOf = (values: ArrayBufferView) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

async function valuesOf(store: ZarrStore): Promise<number[]> {
  return [...(await readZarr(store, { name: "a.zarr" })).volume.data];
}

describe("codecs that zarrita writes", () => {
  const endian = { name: "bytes", configuration: { endian: "little" } };
  test.each<[string, { readonly codecs?: unknown; readonly chunkSeparator?: "." }]>([
    ["chunks that do not divide the array", {}],
    ["big-endian bytes", { codecs: [{ name: "bytes", configuration: { endian: "big" } }] }],
    ["zstd", { codecs: [endian, { name: "zstd", configuration: { level: 3 } }] }],
    [
      "blosc",
      { codecs: [endian, { name: "blosc", configuration: { cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 } }] },
    ],
    ["reversed axes", { codecs: [{ name: "transpose", configuration: { order: [2, 1, 0] } }, endian] }],
    ["a cyclic order of axes", { codecs: [{ name: "transpose", configuration: { order: [1, 2, 0] } }, endian] }],
    ["points between coordinates", { chunkSeparator: "." }],
  ])("%s", async (_, options) => {
    const map = new Map<string, Uint8Array>();
    const form = { shape: [...SHAPE], chunkShape: [2, 4, 7], dtype: "float32" as const };
    const array = await zarr.create(map, { ...form, ...(options as { codecs: zarr.CodecMetadata[] }) });
    await zarr.set(array, null, { data: VALUES, shape: [...SHAPE], stride: [42, 7, 1] });
    const store: ZarrStore = { get: async (key) => map.get(key) };
    expect(await valuesOf(store)).toEqual([...VALUES]);
    const part = await (await openZarr(store)).read([1, 3, 2], [3, 2, 4]);
    const at = (z: number, y: number, x: number) => VALUES[(z * 6 + y) * 7 + x];
    expect([part[0], part[3], part[4], part[23]]).toEqual([at(1, 3, 2), at(1, 3, 5), at(1, 4, 2), at(3, 4, 5)]);
  });
});

describe("layouts by hand", () => {
  test("two transpositions, one after the other", async () => {
    // Stored along axes x, y, z after the first; the second brings them to y, z, x.
    const stored = new Float32Array(210);
    VALUES.forEach((value, i) => {
      const [z, y, x] = [Math.floor(i / 42), Math.floor(i / 7) % 6, i % 7];
      stored[(y * 5 + z) * 7 + x] = value;
    });
    const codecs = [
      { name: "transpose", configuration: { order: [2, 1, 0] } },
      { name: "transpose", configuration: { order: [1, 2, 0] } },
      { name: "bytes", configuration: { endian: "little" } },
    ];
    expect(await valuesOf(array3(bytesOf(stored), { codecs }))).toEqual([...VALUES]);
  });

  test.each(["end", "start"])(
    "shards with their index at the %s, and one chunk that is not there",
    async (location) => {
      const inner = [0, 1].map((z) => gzipSync(bytesOf(VALUES.subarray(42 * z, 42 * (z + 1)))));
      const start = location === "start" ? 5 * 16 + 4 : 0;
      const index = new BigUint64Array(10).fill(2n ** 64n - 1n);
      index.set([BigInt(start), BigInt(inner[0].length), BigInt(start + inner[0].length), BigInt(inner[1].length)]);
      const checked = new Uint8Array(84);
      checked.set(bytesOf(index));
      new DataView(checked.buffer).setUint32(80, crc32c(bytesOf(index)), true);
      const parts = location === "start" ? [checked, ...inner] : [...inner, checked];
      const shard = Uint8Array.from(parts.flatMap((part) => [...part]));
      const bytes = { name: "bytes", configuration: { endian: "little" } };
      const configuration = {
        chunk_shape: [1, 6, 7],
        codecs: [bytes, { name: "gzip", configuration: { level: 6 } }],
        index_codecs: [bytes, { name: "crc32c" }],
        index_location: location,
      };
      const changes = { codecs: [{ name: "sharding_indexed", configuration }], fill_value: -3 };
      const expected = [...VALUES.subarray(0, 84), ...new Array(126).fill(-3)];
      expect(await valuesOf(array3(shard, changes))).toEqual(expected);
      shard[location === "start" ? 3 : shard.length - 50] ^= 1;
      await expect(valuesOf(array3(shard, changes))).rejects.toThrow("the checksum of the shard's index is wrong");
      await expect(valuesOf(array3(shard.subarray(0, 20), changes))).rejects.toThrow("too short for its index");
    },
  );

  test.each<[string, Uint8Array, object]>([
    ["float16", bytesOf(encodeFloat16(VALUES)), { dtype: "<f2" }],
    ["whole numbers in big-endian order", bytesOf(Int16Array.from(VALUES)).slice(), { dtype: "<i2" }],
    ["64 bits", bytesOf(BigInt64Array.from(VALUES, BigInt)), { dtype: "<i8" }],
    ["zlib", zlibSync(bytesOf(VALUES)), { compressor: { id: "zlib", level: 1 } }],
    ["gzip", gzipSync(bytesOf(VALUES)), { compressor: { id: "gzip", level: 1 } }],
    [
      "differences",
      bytesOf(Int16Array.from(VALUES, (value, i) => value - (i > 0 ? VALUES[i - 1] : 0))),
      { filters: [{ id: "delta", dtype: "<f4", astype: "<i2" }] },
    ],
    [
      "scaled whole numbers",
      bytesOf(Uint16Array.from(VALUES, (value) => 2 * (value + 100))),
      { filters: [{ id: "fixedscaleoffset", dtype: "<f4", astype: "<u2", scale: 2, offset: -100 }] },
    ],
  ])("Zarr 2: %s", async (_, bytes, changes) => {
    expect(await valuesOf(array2(bytes, changes))).toEqual([...VALUES]);
  });

  test.each<[unknown, number]>([
    ["NaN", Number.NaN],
    ["-Infinity", Number.NEGATIVE_INFINITY],
    [-7.5, -7.5],
    [null, 0],
    ["0x7fc00000", Number.NaN],
    ["0xc0f00000", -7.5],
  ])("absent chunks hold the fill value %s", async (fill_value, value) => {
    expect(new Set(await valuesOf(array3(undefined, { fill_value })))).toEqual(new Set([value]));
  });
});

describe("images", () => {
  interface Image {
    readonly axes: readonly unknown[];
    readonly shape: readonly number[];
    readonly scale?: readonly number[];
  }
  const space = (name: string, unit?: string) => ({ name, type: "space", ...(unit && { unit }) });
  const image = ({ axes, shape, scale = shape.map(() => 10) }: Image): ZarrStore =>
    storeOf({
      "/.zgroup": { zarr_format: 2 },
      "/.zattrs": {
        multiscales: [{ axes, datasets: [{ path: "0", coordinateTransformations: [{ type: "scale", scale }] }] }],
      },
      "/0/.zarray": {
        zarr_format: 2,
        shape,
        chunks: shape,
        dtype: "|u1",
        compressor: null,
        fill_value: 7,
        order: "C",
        filters: null,
      },
    });

  test("names decide which axis is which", async () => {
    const xyz = image({ axes: ["x", "y", "z"].map((name) => space(name, "angstrom")), shape: [16, 12, 8] });
    expect((await openZarr(xyz)).shape).toEqual([8, 12, 16]);
    expect((await openZarr(image({ axes: ["t", "c", "z", "y", "x"], shape: [1, 1, 8, 12, 16] }))).shape).toEqual([
      8, 12, 16,
    ]);
    expect((await openZarr(image({ axes: ["y", "x"], shape: [12, 16] }))).shape).toEqual([1, 12, 16]);
    const last = image({
      axes: [space("z"), space("y"), space("x"), { name: "c", type: "channel" }],
      shape: [8, 12, 16, 1],
    });
    expect((await openZarr(last)).shape).toEqual([8, 12, 16]);
    const odd = await openZarr(image({ axes: [space("depth"), space("height"), space("width")], shape: [8, 12, 16] }));
    expect(odd.shape).toEqual([8, 12, 16]);
    expect(odd.warnings[0]).toBe('the axes "depth", "height", "width" are taken as z, y and x');
  });

  test("each axis has its own unit", async () => {
    const units = (z: string, y: string, x: string, scale: number[]) =>
      openZarr(image({ axes: [space("z", z), space("y", y), space("x", x)], shape: [8, 12, 16], scale }));
    const mixed = await units("micrometer", "angstrom", "nm", [0.001, 10, 1]);
    expect(mixed).toMatchObject({ voxelSizeAngstrom: 10, warnings: [] });
    const nanometres = await units("nanometers", "nanometre", "nanometer", [1, 1, 1]);
    expect(nanometres).toMatchObject({ voxelSizeAngstrom: 10, warnings: [] });
    expect((await units("meter", "kilometer", "Å", [2e-9, 2e-12, 20])).voxelSizeAngstrom).toBeCloseTo(20, 9);
    const unknown = await units("constructor", "angstrom", "angstrom", [10, 10, 10]);
    expect(unknown.voxelSizeAngstrom).toBe(10);
    expect(unknown.warnings).toEqual([
      'no unit of length that is known: z in "constructor"',
      "voxels are not cubic (10 x 10 x ? Å); x is used",
    ]);
  });

  test("several channels are an error that says how to choose; a chosen one is read", async () => {
    const channels = image({
      axes: [{ name: "c", type: "channel" }, space("z"), space("y"), space("x")],
      shape: [3, 2, 2, 2],
    });
    await expect(openZarr(channels, { name: "a.zarr" })).rejects.toMatchObject({
      message: 'a.zarr: an array of 3 x 2 x 2 x 2 is not a volume: axis "c" has 3 elements',
      hint: "Choose one with --index c=0, up to 2, when converting it.",
    });
    expect((await openZarr(channels, { indices: { c: 2 } })).shape).toEqual([2, 2, 2]);
    await expect(openZarr(channels, { indices: { c: 3 } })).rejects.toThrow('axis "c" has no element 3');
    await expect(openZarr(channels, { indices: { t: 0, c: 0 } })).rejects.toThrow('there is no axis "t"');
  });

  test("consolidated metadata stand in for the arrays' own", async () => {
    const own = { zarr_format: 2, shape: [1, 2, 3], chunks: [1, 2, 3], dtype: "|u1", compressor: null, fill_value: 4 };
    const metadata = {
      ".zgroup": { zarr_format: 2 },
      ".zattrs": { multiscales: [{ axes: ["z", "y", "x"], datasets: [{ path: "0" }] }] },
      "0/.zarray": { ...own, order: "C", filters: null },
    };
    expect(await valuesOf(storeOf({ "/.zmetadata": { zarr_consolidated_format: 1, metadata } }))).toEqual([
      4, 4, 4, 4, 4, 4,
    ]);
  });
});

describe("refusals", () => {
  const bytes = bytesOf(VALUES);
  const bomb = gzipSync(new Uint8Array(1 << 22));
  test.each<[string, ZarrStore, string]>([
    [
      "a group without attributes",
      storeOf({ "/zarr.json": { zarr_format: 3, node_type: "group" } }),
      "does not say where its images are",
    ],
    [
      "an array without a shape",
      storeOf({ "/zarr.json": { zarr_format: 3, node_type: "array", data_type: "int8" } }),
      "not a volume|arrangement",
    ],
    ["names of JavaScript's own", array3(bytes, { data_type: "constructor" }), 'type "constructor" cannot be read'],
    ["their likes in Zarr 2", array2(bytes, { dtype: "|toString" }), 'type "|toString" cannot be read'],
    ["records", array2(bytes, { dtype: [["a", "<f4"]] }), "cannot be read"],
    ["a codec of another world", array3(bytes, { codecs: [{ name: "__proto__" }] }), "does not read"],
    ["bzip2", array2(bytes, { compressor: { id: "bz2", level: 1 } }), "numcodecs.bz2"],
    ["a short chunk", array3(bytes.subarray(0, 400)), "chunk /c/0/0/0: it holds 400 bytes, its metadata ask for 840"],
    ["what is not gzip", array2(bytes, { compressor: { id: "gzip" } }), "cannot be unpacked by gzip"],
    [
      "what is not Zstandard",
      array2(bytes, { compressor: { id: "zstd" } }),
      "cannot be unpacked by zstd: not a Zstandard",
    ],
    [
      "what is not Blosc",
      array2(bytes, { compressor: { id: "blosc" } }),
      "cannot be unpacked by blosc: not a whole Blosc",
    ],
    ["4 MB in a few kB of gzip", array2(bomb, { compressor: { id: "gzip" } }), "more than the 844 bytes"],
    [
      "half a gzip chunk",
      array2(gzipSync(bytes).subarray(0, 60), { compressor: { id: "gzip" } }),
      "cannot be unpacked by gzip",
    ],
    [
      "a wrong checksum",
      array3(new Uint8Array(844), {
        codecs: [{ name: "bytes", configuration: { endian: "little" } }, { name: "crc32c" }],
      }),
      "checksum",
    ],
    [
      "an impossible order",
      array3(bytes, { codecs: [{ name: "transpose", configuration: { order: [0, 0, 1] } }] }),
      "an order that is none",
    ],
    ["a chunk of terabytes", array3(undefined, { shape: [1e5, 1e5, 1e5] }), "more than fits into memory"],
    ["a shape that is none", array3(undefined, { shape: [-1, 2, "x"] }), "makes no sense"],
    [
      "a hundred million chunks",
      array3(undefined, {
        shape: [100, 1000, 1000],
        chunk_grid: { name: "regular", configuration: { chunk_shape: [1, 1, 1] } },
      }),
      "100000000 chunks are more than the 1000000",
    ],
  ])("%s", async (_, store, message) => {
    const reading = readZarr(store, { name: "bad.zarr" });
    await expect(reading).rejects.toMatchObject({ tag: "format" });
    await expect(reading).rejects.toThrow(
      new RegExp(message.replace(/[/.]/g, "\\$&").replace("|toString", "\\|toString")),
    );
  });

  test("deep JSON is refused in a short message", async () => {
    const deep = `{"zarr_format":3,"node_type":"array","data_type":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    const store: ZarrStore = {
      get: async (key) => (key === "/zarr.json" ? new TextEncoder().encode(deep) : undefined),
    };
    const error = await readZarr(store).catch((thrown: Error) => thrown);
    expect((error as Error).message.length).toBeLessThan(200);
    expect(error).toMatchObject({ tag: "format" });
  });
});

const CASES = join(import.meta.dirname, "../../../../../shared/cases");

describe.skipIf(!existsSync(CASES))("files that went wrong (skipped when ../shared/cases is absent)", () => {
  const read = (name: string) => readZarr(zarrFolder(join(CASES, name)), { name });
  const truth = (name: string) => readNpy(new Uint8Array(readFileSync(join(CASES, name)))).data;

  test("Zarr 2 in Fortran order, big-endian", async () => {
    expect((await read("zarr-order-f.zarr")).volume.data).toEqual(truth("zarr-order-f.truth.npy"));
  });

  test("axes called x, y, z", async () => {
    expect((await read("zarr-axes-xyz.zarr")).shape).toEqual([8, 12, 16]);
  });

  test("units of their own", async () => {
    const { voxelSizeAngstrom, warnings } = await read("zarr-mixed-units.zarr");
    expect(voxelSizeAngstrom).toBe(10);
    expect(warnings).toEqual(["level 0 of 2 is read (the finest)"]);
  });

  test("a shard with its index at the end", async () => {
    const expected = truth("zarr-v3.truth.npy");
    for (let z = 4; z < 8; z++)
      for (let y = 6; y < 12; y++) for (let x = 8; x < 16; x++) expected[(z * 12 + y) * 16 + x] = 0;
    expect((await read("zarr-v3-shard-index-at-end.zarr")).volume.data).toEqual(expected);
  });
});
