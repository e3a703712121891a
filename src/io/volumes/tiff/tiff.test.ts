import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zlibSync } from "fflate";
import { describe, expect, test } from "vitest";
import { createVolume } from "../../../volume/index.js";
import { memorySource } from "../random-access.js";
import { openTiff, readTiff } from "./read.js";
import { writeTiff } from "./write.js";

const [NZ, NY, NX] = [3, 5, 6];
const VALUES = Float32Array.from({ length: NZ * NY * NX }, (_, i) => (37 * i) % 101);
const SECTION = NY * NX;

interface Page {
  readonly fields: Readonly<Record<number, readonly number[] | string>>;
  readonly pieces: readonly Uint8Array[];
}

/** A file of one directory a page; offsets and lengths of strips (273, 279) or tiles (324, 325) are filled in. */
function tiff(
  pages: readonly Page[],
  { isLittle = true, isBig = false, isTiled = false, rest = new Uint8Array(0) } = {},
): Uint8Array {
  const view = new DataView(new ArrayBuffer(1 << 16));
  const bytes = new Uint8Array(view.buffer);
  const [countBytes, wide] = isBig ? [8, 8] : [2, 4];
  const put = (at: number, value: number, size: number) => {
    if (size === 8) view.setBigUint64(at, BigInt(value), isLittle);
    else if (size === 4) view.setUint32(at, value, isLittle);
    else view.setUint16(at, value, isLittle);
  };
  bytes.set(isLittle ? [0x49, 0x49] : [0x4d, 0x4d]);
  put(2, isBig ? 43 : 42, 2);
  if (isBig) put(4, 8, 2);
  let [link, end] = isBig ? [8, 16] : [4, 8];
  const append = (data: Uint8Array) => {
    bytes.set(data, end);
    end += data.length + (data.length % 2);
    return end - data.length - (data.length % 2);
  };
  for (const { fields, pieces } of pages) {
    const offsets = pieces.map(append);
    if (rest.length > 0) append(rest);
    const [offsetField, lengthField] = isTiled ? [324, 325] : [273, 279];
    const all = { ...fields, [offsetField]: offsets, [lengthField]: pieces.map(({ length }) => length) };
    const entries = Object.entries(all).map(([field, value]) => {
      const isText = typeof value === "string";
      const isRatio = field === "282" || field === "283";
      const size = isText ? 1 : isRatio ? 8 : 4;
      const content = new DataView(new ArrayBuffer(size * value.length));
      for (let i = 0; i < value.length; i++)
        if (isText) content.setUint8(i, value.charCodeAt(i));
        else if (isRatio) {
          content.setUint32(8 * i, Math.round((value[i] as number) * 1e6), isLittle);
          content.setUint32(8 * i + 4, 1e6, isLittle);
        } else content.setUint32(4 * i, value[i] as number, isLittle);
      const data = new Uint8Array(content.buffer);
      return {
        field: Number(field),
        type: isText ? 2 : isRatio ? 5 : 4,
        count: value.length,
        data,
        at: data.length > wide ? append(data) : 0,
      };
    });
    put(link, end, wide);
    put(end, entries.length, countBytes);
    let at = end + countBytes;
    for (const { field, type, count, data, at: stored } of entries) {
      put(at, field, 2);
      put(at + 2, type, 2);
      put(at + 4, count, wide);
      if (data.length > wide) put(at + 4 + wide, stored, wide);
      else bytes.set(data, at + 4 + wide);
      at += 4 + 2 * wide;
    }
    link = at;
    end = at + wide;
  }
  return bytes.slice(0, end);
}

const base = { 256: [NX], 257: [NY], 258: [32], 259: [1], 262: [1], 277: [1], 278: [NY], 339: [3] };

/** Values of section z in a type and byte order. */
function bytesOf(z: number, { bits = 32, format = 3, isLittle = true } = {}): Uint8Array {
  const view = new DataView(new ArrayBuffer((SECTION * bits) / 8));
  for (let i = 0; i < SECTION; i++) {
    const value = VALUES[z * SECTION + i];
    if (bits === 8) view.setInt8(i, value);
    else if (bits === 16) view.setInt16(2 * i, value, isLittle);
    else if (format === 3) view.setFloat32(4 * i, value, isLittle);
    else view.setInt32(4 * i, value, isLittle);
  }
  return new Uint8Array(view.buffer);
}

/** LZW with codes that grow from 9 bits, as TIFF 6.0 describes the encoder. */
function lzw(data: Uint8Array): Uint8Array {
  const out: number[] = [];
  let [buffer, bits, width] = [0, 0, 9];
  const emit = (code: number) => {
    buffer = (buffer << width) | code;
    for (bits += width; bits >= 8; bits -= 8) out.push((buffer >> (bits - 8)) & 255);
    buffer &= (1 << bits) - 1;
  };
  const table = new Map<string, number>();
  const codeOf = (text: string) => (text.length === 1 ? text.charCodeAt(0) : (table.get(text) as number));
  const clear = () => {
    emit(256);
    table.clear();
    width = 9;
  };
  clear();
  let text = "";
  for (const byte of data) {
    const longer = text + String.fromCharCode(byte);
    if (longer.length === 1 || table.has(longer)) text = longer;
    else {
      emit(codeOf(text));
      table.set(longer, 258 + table.size);
      if (258 + table.size === 512) width = 10;
      if (258 + table.size === 1024) width = 11;
      if (258 + table.size === 2048) width = 12;
      if (258 + table.size === 4095) clear();
      text = String.fromCharCode(byte);
    }
  }
  emit(codeOf(text));
  emit(257);
  if (bits > 0) out.push((buffer << (8 - bits)) & 255);
  return Uint8Array.from(out);
}

/** Runs of equal bytes, others one by one. */
function runs(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let i = 0, end = 0; i < bytes.length; i = end) {
    for (end = i + 1; end < bytes.length && bytes[end] === bytes[i] && end - i < 128; end++);
    out.push(end - i > 1 ? 257 - (end - i) : 0, bytes[i]);
  }
  return Uint8Array.from(out);
}

const pagesOf = (fields: object, piecesOf: (z: number) => readonly Uint8Array[]): Page[] =>
  Array.from({ length: NZ }, (_, z) => ({ fields: { ...base, ...fields }, pieces: piecesOf(z) }));
const valuesOf = async (bytes: Uint8Array) => [...(await readTiff(bytes, { name: "a.tif" })).volume.data];

describe("values", () => {
  test.each([
    [8, 1],
    [8, 2],
    [16, 1],
    [16, 2],
    [32, 2],
    [32, 3],
  ])("%i bits of sample format %i, both byte orders, TIFF and BigTIFF", async (bits, format) => {
    for (const isLittle of [true, false])
      for (const isBig of [false, true]) {
        const pages = pagesOf({ 258: [bits], 339: [format] }, (z) => [bytesOf(z, { bits, format, isLittle })]);
        expect(await valuesOf(tiff(pages, { isLittle, isBig }))).toEqual([...VALUES]);
      }
  });

  test("strips, and blocks of them", async () => {
    const strips = (z: number) =>
      [0, 2, 4].map((row) => bytesOf(z).subarray(4 * NX * row, 4 * NX * Math.min(NY, row + 2)));
    const bytes = tiff(pagesOf({ 278: [2] }, strips));
    expect(await valuesOf(bytes)).toEqual([...VALUES]);
    const block = await (await openTiff(memorySource(bytes), { name: "a" })).read([1, 1, 2], [2, 4, 3]);
    const expected = [1, 2].flatMap((z) =>
      [1, 2, 3, 4].flatMap((y) => [2, 3, 4].map((x) => VALUES[(z * NY + y) * NX + x])),
    );
    expect([...block]).toEqual(expected);
  });

  test.each<[string, number, (bytes: Uint8Array) => Uint8Array]>([
    ["LZW", 5, lzw],
    ["Deflate", 8, (bytes) => zlibSync(bytes)],
    ["PackBits", 32773, (bytes) => Uint8Array.from([...bytes].flatMap((byte) => [0, byte]))],
    ["PackBits in runs", 32773, runs],
  ])("%s, in strips and tiles", async (_, compression, pack) => {
    expect(await valuesOf(tiff(pagesOf({ 259: [compression] }, (z) => [pack(bytesOf(z))])))).toEqual([...VALUES]);
    const tile = (z: number, top: number, left: number) =>
      new Uint8Array(
        Float32Array.from({ length: 16 }, (_, i) => {
          const [y, x] = [top + Math.floor(i / 4), left + (i % 4)];
          return y < NY && x < NX ? VALUES[(z * NY + y) * NX + x] : -1;
        }).buffer,
      );
    const tiles = (z: number) => [0, 4].flatMap((top) => [0, 4].map((left) => pack(tile(z, top, left))));
    expect(await valuesOf(tiff(pagesOf({ 259: [compression], 322: [4], 323: [4] }, tiles), { isTiled: true }))).toEqual(
      [...VALUES],
    );
  });

  test("LZW of long content, whose codes reach 12 bits", async () => {
    const side = 120;
    const content = Uint8Array.from({ length: side * side }, (_, i) => ((i * i) % 251) ^ (i >> 6));
    const fields = { ...base, 256: [side], 257: [side], 258: [8], 259: [5], 278: [side], 339: [1] };
    expect(await valuesOf(tiff([{ fields, pieces: [lzw(content)] }]))).toEqual([...content]);
  });

  test("differences between neighbours, in both byte orders", async () => {
    for (const isLittle of [true, false]) {
      const rows = (z: number) => {
        const view = new DataView(bytesOf(z, { bits: 32, format: 2, isLittle }).buffer);
        for (let i = SECTION - 1; i >= 0; i--)
          if (i % NX > 0)
            view.setInt32(4 * i, view.getInt32(4 * i, isLittle) - view.getInt32(4 * i - 4, isLittle), isLittle);
        return new Uint8Array(view.buffer);
      };
      const pages = pagesOf({ 259: [8], 317: [2], 339: [2] }, (z) => [zlibSync(rows(z))]);
      expect(await valuesOf(tiff(pages, { isLittle }))).toEqual([...VALUES]);
    }
  });

  test("differences of 16 bits; those of real numbers are refused", async () => {
    const rows = (z: number) => {
      const values = new Uint16Array(bytesOf(z, { bits: 16 }).buffer);
      return new Uint8Array(values.map((value, i) => (i % NX === 0 ? value : value - values[i - 1])).buffer);
    };
    const fields = { 258: [16], 259: [8], 317: [2], 339: [1] };
    expect(await valuesOf(tiff(pagesOf(fields, (z) => [zlibSync(rows(z))])))).toEqual([...VALUES]);
    const real = tiff(pagesOf({ 259: [8], 317: [3] }, (z) => [zlibSync(bytesOf(z))]));
    await expect(readTiff(real, { name: "a.tif" })).rejects.toThrow("differences of kind 3 between values of float32");
  });

  test("ImageJ's one image with the others behind it", async () => {
    const [first, ...others] = [0, 1, 2].map((z) => bytesOf(z));
    const rest = Uint8Array.from(others.flatMap((bytes) => [...bytes]));
    const fields = { ...base, 270: `ImageJ=1.53t\nimages=${NZ}\nslices=${NZ}\nunit=nm\nspacing=1\n\0`, 282: [1] };
    const { volume } = await readTiff(tiff([{ fields, pieces: [first] }], { rest }), { name: "a.tif" });
    expect(volume).toMatchObject({ shape: [NZ, NY, NX], voxelSizeAngstrom: 10, data: VALUES });
    const cut = tiff([{ fields: { ...fields, 270: fields[270].replace("slices=3", "slices=9999") }, pieces: [first] }]);
    await expect(readTiff(cut, { name: "a.tif" })).rejects.toThrow("it says that it has 9999 images");
  });
});

describe("voxel sizes", () => {
  const described = async (text: string, fields: object = {}) => {
    const pages = pagesOf(fields, (z) => [bytesOf(z)]).map((page, z) =>
      z === 0 ? { ...page, fields: { ...page.fields, 270: `${text}\0` } } : page,
    );
    const { voxelSizeAngstrom, warnings } = await openTiff(memorySource(tiff(pages)), { name: "a.tif" });
    return { voxelSizeAngstrom, warnings };
  };
  const ome = (attributes: string) =>
    `<?xml version="1.0"?><OME><Image><Pixels SizeC="1" SizeZ="3" SizeT="1" ${attributes}/></Image></OME>`;

  test.each<[string, string, object, number | undefined, string[]]>([
    ["nm", "ImageJ=1\nslices=3\nunit=nm\nspacing=1.052\n", { 282: [1 / 1.052], 283: [1 / 1.052] }, 10.52, []],
    [
      "µm as ImageJ escapes it",
      "ImageJ=1\nslices=3\nunit=\\u00B5m\nspacing=0.001\n",
      { 282: [1000], 283: [1000] },
      10,
      [],
    ],
    [
      "microns, sections further apart",
      "ImageJ=1\nslices=3\nunit=micron\nspacing=0.002\n",
      { 282: [1000], 283: [1000] },
      10,
      ["voxels are not cubic (10 x 10 x 20 Å); x is used"],
    ],
    ["pixels", "ImageJ=1\nslices=3\nunit=pixel\n", { 282: [1] }, undefined, ["the TIFF file states no voxel size"]],
    [
      "another unit",
      "ImageJ=1\nslices=3\nunit=furlong\n",
      { 282: [1], 296: [1] },
      undefined,
      ['no unit of length that is known: "furlong"', "the TIFF file states no voxel size"],
    ],
    ["dots per inch", "", { 282: [72], 283: [72], 296: [2] }, undefined, ["the TIFF file states no voxel size"]],
    [
      "OME-XML",
      ome('PhysicalSizeX="1.2" PhysicalSizeXUnit="nm" PhysicalSizeY="12" PhysicalSizeYUnit="Å" PhysicalSizeZ="0.0012"'),
      {},
      12,
      [],
    ],
    [
      "no spacing",
      ome('PhysicalSizeX="1" PhysicalSizeXUnit="nm" PhysicalSizeY="1" PhysicalSizeYUnit="nm"'),
      {},
      10,
      ["the TIFF file does not say how far apart sections are; taken as in x (10 Å)"],
    ],
  ])("%s", async (_, text, fields, voxelSizeAngstrom, warnings) => {
    expect(await described(text, fields)).toEqual({ voxelSizeAngstrom, warnings });
  });
});

describe("refusals", () => {
  const one = (fields: object, pieces = [bytesOf(0)]) => tiff([{ fields: { ...base, ...fields }, pieces }]);
  const circle = one({});
  new DataView(circle.buffer).setUint32(circle.length - 4, new DataView(circle.buffer).getUint32(4, true), true);
  test.each<[string, Uint8Array, string]>([
    ["colours", one({ 262: [2], 277: [3] }), "an image of colours"],
    ["palettes", one({ 262: [3] }), "a paletted image"],
    ["JPEG", one({ 259: [7] }), "compression 7"],
    ["one bit", one({ 258: [1], 339: [1] }), "values of 1 bits"],
    ["complex numbers", one({ 258: [64], 339: [6] }), "sample format 6"],
    [
      "images of two sizes",
      tiff([
        { fields: base, pieces: [bytesOf(0)] },
        { fields: { ...base, 257: [4] }, pieces: [bytesOf(1)] },
      ]),
      "image 2 is 6 x 4",
    ],
    [
      "channels that nobody chose",
      tiff(pagesOf({ 270: "ImageJ=1\nchannels=3\nslices=1\n\0" }, (z) => [bytesOf(z)])),
      "it holds 3 volumes along axis c",
    ],
    ["a circle of directories", circle, "form a circle"],
    ["a huge claim", one({ 256: [2 ** 31], 257: [2 ** 31], 278: [2 ** 31] }), "strips or tiles"],
    ["truncation", one({}).subarray(0, 200), "truncated|asked for"],
    ["damaged Deflate", one({ 259: [8] }), "cannot be unpacked"],
    ["damaged LZW", one({ 259: [5] }, [Uint8Array.of(255, 255, 255)]), "make no sense"],
    ["a bomb", one({ 259: [8] }, [zlibSync(new Uint8Array(1 << 20))]), "more than the 120 bytes"],
  ])("%s", async (_, bytes, message) => {
    const reading = readTiff(bytes, { name: "bad.tif" });
    await expect(reading).rejects.toMatchObject({ tag: "format" });
    await expect(reading).rejects.toThrow(new RegExp(message));
  });

  test("a chosen channel is read", async () => {
    const bytes = tiff(pagesOf({ 270: "ImageJ=1\nchannels=3\nslices=1\n\0" }, (z) => [bytesOf(z)]));
    const { volume } = await readTiff(bytes, { name: "a.tif", indices: { c: 1 } });
    expect(volume.data).toEqual(VALUES.subarray(SECTION, 2 * SECTION));
  });
});

test("what is written is read back, with or without a voxel size", async () => {
  for (const size of [13.48, Number.NaN]) {
    const volume = createVolume([NZ, NY, NX], size, VALUES);
    const { volume: back, warnings } = await readTiff(writeTiff(volume), { name: "a.tif" });
    expect(back).toEqual(volume);
    expect(warnings).toEqual(size > 0 ? [] : ["the TIFF file states no voxel size"]);
  }
});

const REAL = join(import.meta.dirname, "../../../../../shared/data/real/microtubules/13pf_MT");

test.skipIf(!existsSync(`${REAL}.tif`))("a real one (skipped when ../shared/data is absent)", async () => {
  const { volume, warnings } = await readTiff(new Uint8Array(readFileSync(`${REAL}.tif`)), { name: "13pf_MT.tif" });
  expect(volume).toMatchObject({ shape: [36, 206, 94], voxelSizeAngstrom: 10.52 });
  expect(warnings).toEqual([]);
});
