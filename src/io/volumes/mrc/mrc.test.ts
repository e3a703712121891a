import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError, FormatError } from "../../../errors.js";
import { createVolume, type Shape3, type Volume } from "../../../volume/index.js";
import { decodeFloat16, encodeFloat16 } from "../float16.js";
import type { ByteOrder } from "../numbers.js";
import { memorySource } from "../random-access.js";
import { decodeMrcFields, encodeMrcFields, MRC_HEADER } from "./fields.js";
import { looksLikeMrc, parseMrcHeader } from "./header.js";
import { MRC_MODES, type MrcMode, roundHalfToEven, smallestMrcMode } from "./modes.js";
import { openMrc } from "./open.js";
import { readMrc } from "./read.js";
import { validateMrc } from "./validate.js";
import { writeMrc } from "./write.js";

const modes = Object.keys(MRC_MODES).map(Number) as MrcMode[];
const orders: ByteOrder[] = ["little", "big"];

/** A volume whose every voxel value says where it is. */
function ramp(shape: Shape3, voxelSizeAngstrom = 10): Volume {
  const data = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => i);
  return createVolume(shape, voxelSizeAngstrom, data);
}

function withHeader(bytes: Uint8Array, changes: Parameters<typeof encodeMrcFields>[0], order: ByteOrder = "little") {
  const fields = { ...decodeMrcFields(bytes, order === "little"), ...changes };
  const changed = bytes.slice();
  changed.set(encodeMrcFields(fields, order === "little"));
  return changed;
}

describe("header table", () => {
  test("fields do not overlap and stay within 1024 bytes", () => {
    let end = 0;
    for (const { name, type, count, offset } of MRC_HEADER) {
      expect(offset, name).toBeGreaterThanOrEqual(end);
      end = offset + count * (type === "text" ? 1 : 4);
    }
    expect(end).toBe(1024);
  });
});

describe("round trips", () => {
  const volumes = fc
    .record({
      nz: fc.integer({ min: 1, max: 4 }),
      ny: fc.integer({ min: 1, max: 5 }),
      nx: fc.integer({ min: 1, max: 6 }),
    })
    .chain(({ nz, ny, nx }) =>
      fc.record({
        shape: fc.constant([nz, ny, nx] as const),
        values: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
          minLength: nz * ny * nx,
          maxLength: nz * ny * nx,
        }),
        voxelSize: fc.integer({ min: 10, max: 50_000 }).map((n) => n / 100),
      }),
    );

  test.each(modes.flatMap((mode) => orders.map((order) => [mode, order] as const)))(
    "mode %i, %s-endian",
    (mode, byteOrder) => {
      fc.assert(
        fc.property(volumes, ({ shape, values, voxelSize }) => {
          const data = Float32Array.from(values, (value) => storable(value, mode));
          const bytes = writeMrc({ data, shape, voxelSizeAngstrom: voxelSize }, { mode, byteOrder });
          const { volume, header, warnings } = readMrc(bytes);
          expect(volume.data).toEqual(data);
          expect(volume.shape).toEqual(shape);
          expect(volume.voxelSizeAngstrom).toBeCloseTo(voxelSize, 3);
          expect(header).toMatchObject({ mode, byteOrder });
          expect(warnings.filter((text) => !/all values are equal|exactly 1 Å|unsigned/.test(text))).toEqual([]);
          expect(validateMrc(bytes)).toEqual([]);
        }),
        { numRuns: 40, seed: 1 },
      );
    },
  );

  /** A value that the mode holds exactly, made from any float. */
  function storable(value: number, mode: MrcMode): number {
    const { minimum, maximum, integer } = MRC_MODES[mode];
    const limited = Math.max(minimum, Math.min(maximum, value));
    if (integer) return Math.round(limited) + 0;
    return mode === 12 ? decodeFloat16(encodeFloat16(Float32Array.of(limited)))[0] : limited;
  }
});

test("an image stack has no depth: ispg 0, one interval along z", () => {
  const bytes = writeMrc(ramp([5, 3, 4]), { imageStack: true });
  expect(decodeMrcFields(bytes, true)).toMatchObject({ nz: 5, ispg: 0, mx: 4, mz: 1, xlen: 40, zlen: 10 });
  expect(readMrc(bytes).warnings).toEqual([]);
  expect(decodeMrcFields(writeMrc(ramp([5, 3, 4])), true)).toMatchObject({ nz: 5, ispg: 1, mz: 5, zlen: 50 });
});

test("statistics describe what was stored, in float16 too", () => {
  const halves = createVolume([1, 1, 2], 10, Float32Array.of(0.5, 2.5));
  expect(decodeMrcFields(writeMrc(halves, { mode: 1 }), true)).toMatchObject({ dmin: 0, dmax: 2, dmean: 1, rms: 1 });
  expect(decodeMrcFields(writeMrc(halves, { mode: 12 }), true)).toMatchObject({
    dmin: 0.5,
    dmax: 2.5,
    dmean: 1.5,
    rms: 1,
  });
});

describe("float16", () => {
  test("every finite half-precision number survives", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((pattern) => (pattern & 0x7c00) !== 0x7c00);
    const back = encodeFloat16(decodeFloat16(bits));
    expect(bits.filter((pattern, i) => back[i] !== pattern)).toEqual(new Uint16Array(0));
  });

  test("rounds to nearest, ties to even, and overflows to infinity", () => {
    // 1 + 2^-11 lies midway between 1 and 1 + 2^-10; 3 * 2^-25 midway between two subnormals.
    const values = [1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -25, 3 * 2 ** -25, 65519, 65520, -1e9, Number.NaN];
    const rounded = [
      1,
      1 + 2 ** -9,
      0,
      2 ** -23,
      65504,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ];
    expect([...decodeFloat16(encodeFloat16(Float32Array.from(values)))]).toEqual(rounded);
  });

  test("integers round half to even, like NumPy", () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 1.4, 1.6].map((value) => roundHalfToEven(value) + 0)).toEqual([
      0, 2, 2, 0, -2, 1, 2,
    ]);
  });
});

describe("headers found in the wild", () => {
  const good = writeMrc(ramp([2, 3, 4]));

  test.each(orders)("a missing or wrong machine stamp: %s-endian sizes decide", (byteOrder) => {
    const bytes = writeMrc(ramp([2, 3, 4]), { byteOrder });
    for (const machst of [0, byteOrder === "little" ? 0x11110000 : 0x44440000]) {
      const reading = readMrc(withHeader(bytes, { machst }, byteOrder));
      expect(reading.volume.data).toEqual(ramp([2, 3, 4]).data);
      expect(reading.warnings).toEqual([expect.stringContaining(`the sizes say ${byteOrder}-endian`)]);
    }
  });

  test("an extended header is skipped", () => {
    const bytes = new Uint8Array(good.length + 256).fill(7);
    bytes.set(withHeader(good, { nsymbt: 256, exttyp: "FEI1" }).subarray(0, 1024));
    bytes.set(good.subarray(1024), 1024 + 256);
    expect(readMrc(bytes).volume.data).toEqual(ramp([2, 3, 4]).data);
    expect(validateMrc(bytes)).toEqual([]);
  });

  test.each([
    [1, 2, 3],
    [1, 3, 2],
    [2, 1, 3],
    [2, 3, 1],
    [3, 1, 2],
    [3, 2, 1],
  ])("axis order mapc/mapr/maps = %i/%i/%i becomes [nz, ny, nx]", (mapc, mapr, maps) => {
    // Stored: 4 columns, 3 rows, 2 sections; each value is 100 x + 10 y + z of the voxel it belongs to.
    const size = [0, 0, 0];
    size[mapc - 1] = 4;
    size[mapr - 1] = 3;
    size[maps - 1] = 2;
    const [nx, ny, nz] = size as [number, number, number];
    const stored: number[] = [];
    const at = [0, 0, 0];
    for (at[maps - 1] = 0; at[maps - 1] < 2; at[maps - 1]++)
      for (at[mapr - 1] = 0; at[mapr - 1] < 3; at[mapr - 1]++)
        for (at[mapc - 1] = 0; at[mapc - 1] < 4; at[mapc - 1]++) stored.push(100 * at[0] + 10 * at[1] + at[2]);
    const bytes = writeMrc(createVolume([2, 3, 4], 10, Float32Array.from(stored)));
    const { volume } = readMrc(
      withHeader(bytes, { mapc, mapr, maps, mx: nx, my: ny, mz: nz, xlen: nx * 5, ylen: ny * 5, zlen: nz * 5 }),
    );
    expect(volume.shape).toEqual([nz, ny, nx]);
    expect(volume.voxelSizeAngstrom).toBe(5);
    const expected: number[] = [];
    for (let z = 0; z < nz; z++)
      for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) expected.push(100 * x + 10 * y + z);
    expect([...volume.data]).toEqual(expected);
  });

  test.each([
    ["missing", { xlen: 0, ylen: 0, zlen: 0 }, "the header states no voxel size"],
    ["no intervals", { mx: 0 }, "the header states no voxel size"],
    ["negative", { xlen: -40 }, "the header's voxel size is impossible (-40 Å / 4 voxels)"],
    ["absurd", { xlen: 1e30 }, "the header's voxel size is impossible (1.0000000150474662e+30 Å / 4 voxels)"],
  ])("voxel size %s: unknown, said, overridable", (_, changes, warning) => {
    const bytes = withHeader(good, changes);
    const reading = readMrc(bytes);
    expect(reading.voxelSizeAngstrom).toBeUndefined();
    expect(reading.volume.voxelSizeAngstrom).toBeNaN();
    expect(reading.warnings).toEqual([warning]);
    const overridden = readMrc(bytes, { voxelSizeAngstrom: 13.5 });
    expect(overridden.volume.voxelSizeAngstrom).toBe(13.5);
    expect(overridden.warnings).toEqual([]);
  });

  test("odd but usable voxel sizes are kept and remarked on", () => {
    expect(readMrc(withHeader(good, { zlen: 60 })).warnings).toEqual([
      "voxels are not cubic (10 x 10 x 30 Å); x is used",
    ]);
    expect(readMrc(writeMrc(ramp([2, 3, 4], 1))).warnings[0]).toContain("exactly 1 Å");
    expect(readMrc(good, { voxelSizeAngstrom: 8 })).toMatchObject({
      ...{ voxelSizeAngstrom: 8, statedVoxelSizeAngstrom: 10, warnings: [] },
    });
    expect(() => readMrc(good, { voxelSizeAngstrom: -3 })).toThrow(ConfigError);
  });

  test("IMOD's signed bytes count from -128, by the stated minimum or the first voxels; passed-on headers change nothing", async () => {
    const mask = writeMrc(createVolume([1, 1, 4], 10, Float32Array.of(-128, -127, -128, -127)), { mode: 0 });
    for (const dmin of [-128, 0]) {
      const bytes = withHeader(mask, { imodStamp: 1146047817, imodFlags: 1, dmin });
      expect([...readMrc(bytes).volume.data]).toEqual([0, 1, 0, 1]);
      expect([...(await (await openMrc(memorySource(bytes))).read([0, 0, 1], [1, 1, 3]))]).toEqual([1, 0, 1]);
      expect(readMrc(bytes).warnings[0]).toMatch(/^IMOD's signed bytes are read as IMOD counts them/);
    }
    const labels = writeMrc(createVolume([1, 1, 3], 10, Float32Array.of(0, 1, 2)), { mode: 0 });
    expect([...readMrc(withHeader(labels, { imodStamp: 1146047817, imodFlags: 1 })).volume.data]).toEqual([0, 1, 2]);
  });

  test("the smallest mode of whole numbers", () => {
    expect([1, 127, 128, 32767, 32768, 65535, 65536].map((largest) => smallestMrcMode(0, largest))).toEqual([
      0, 0, 1, 1, 6, 6, 2,
    ]);
    expect(smallestMrcMode(-1, 40000)).toBe(2);
  });

  test("mode 0 is unsigned when IMOD's flag or the stated maximum says so", () => {
    const bytes = writeMrc(createVolume([1, 1, 3], 10, Float32Array.of(-1, 0, 1)), { mode: 0 });
    expect([...readMrc(bytes).volume.data]).toEqual([-1, 0, 1]);
    expect([...readMrc(withHeader(bytes, { imodStamp: 1146047817 })).volume.data]).toEqual([255, 0, 1]);
    expect([...readMrc(withHeader(bytes, { imodStamp: 1146047817, imodFlags: 1 })).volume.data]).toEqual([-1, 0, 1]);
    expect([...readMrc(withHeader(bytes, { dmin: 0, dmax: 255 })).volume.data]).toEqual([255, 0, 1]);
  });

  test("NaN and infinity are counted and reported, and left out of the statistics", () => {
    const data = Float32Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY);
    const { statistics, warnings } = readMrc(writeMrc(createVolume([1, 2, 2], 10, data)));
    expect(statistics).toEqual({
      count: 4,
      minimum: 1,
      maximum: 3,
      mean: 2,
      standardDeviation: 1,
      nanCount: 1,
      infiniteCount: 1,
    });
    expect(warnings).toEqual(["1 of 4 values are NaN", "1 of 4 values are infinite"]);
  });
});

describe("bad files", () => {
  const good = writeMrc(ramp([2, 3, 4]));

  test.each([
    ["an empty file", new Uint8Array(0), "x.mrc: 0 bytes are too few for the 1024-byte MRC header"],
    ["half a header", good.subarray(0, 500), "x.mrc: 500 bytes are too few"],
    [
      "half the data",
      good.subarray(0, 1100),
      "x.mrc: truncated: 4 x 3 x 2 voxels of float32 need 1120 bytes, the file has 1100",
    ],
    ["a complex mode", withHeader(good, { mode: 4 }), "x.mrc, header field mode: mode 4 (complex float32"],
    ["an unknown mode", withHeader(good, { mode: 77 }), "x.mrc, header field mode: mode 77 is unknown"],
    [
      "absurd sizes",
      withHeader(good, { nx: 1e6, ny: 1e6, nz: 1e6 }),
      "need 4000000000000001000 bytes, the file has 1120",
    ],
    ["a negative size", withHeader(good, { ny: -3 }), "x.mrc: sizes 4 x -3 x 2 and mode 2 make no sense"],
    ["a size of zero", withHeader(good, { nz: 0 }), "x.mrc: sizes 4 x 3 x 0 and mode 2"],
    ["a negative extended header", withHeader(good, { nsymbt: -8 }), "x.mrc, header field nsymbt: negative length -8"],
    [
      "an extended header beyond the end",
      withHeader(good, { nsymbt: 2e9 }),
      "float32 after a header of 2000001024 need",
    ],
    ["text", new TextEncoder().encode("not a map at all ".repeat(100)), "make no sense in either byte order"],
  ])("%s", (_, bytes, message) => {
    const read = () => readMrc(bytes, { name: "x.mrc" });
    expect(read).toThrow(FormatError);
    expect(read).toThrow(message);
    // What is not there cannot be had permissively, either, unless most of it is.
    if (bytes.length !== 1100) expect(() => readMrc(bytes, { permissive: true })).toThrow(FormatError);
    expect(validateMrc(bytes).length).toBeGreaterThan(0);
  });

  test("permissive reading fills a truncated file with zeros and says so", () => {
    const { volume, warnings } = readMrc(good.subarray(0, 1024 + 80), { permissive: true });
    expect([...volume.data]).toEqual([...Array.from({ length: 20 }, (_, i) => i), 0, 0, 0, 0]);
    expect(warnings).toEqual(["truncated: the last 16 of 96 bytes are missing and taken as zero"]);
  });

  test("no byte string makes the reader throw anything but its own errors", () => {
    const header = fc.uint8Array({ minLength: 0, maxLength: 1400 });
    const damaged = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 1023 }), fc.integer({ min: 0, max: 255 })), { maxLength: 12 })
      .map((changes) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(header, damaged), (bytes) => {
        try {
          readMrc(bytes, { permissive: true });
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
        expect(Array.isArray(validateMrc(bytes))).toBe(true);
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  test("writing what a mode cannot hold is refused, or clamped on request", () => {
    const volume = createVolume([1, 1, 3], 10, Float32Array.of(-3, 300, Number.NaN));
    expect(() => writeMrc(volume, { mode: 0, name: "y.mrc" })).toThrow(
      "y.mrc: the value 300 does not fit mode 0 (int8, -128 to 127)",
    );
    expect(() => writeMrc(volume, { mode: 6 })).toThrow(ConfigError);
    expect(() => writeMrc(createVolume([1, 1, 1], 1, Float32Array.of(1e5)), { mode: 12 })).toThrow(/float16/);
    expect([...readMrc(writeMrc(volume, { mode: 0, clamp: true })).volume.data]).toEqual([-3, 127, 0]);
  });
});

describe("validation names the clause", () => {
  const good = writeMrc(ramp([2, 3, 4]));
  test.each([
    [1, { map: "XXXX" }, "the characters 'MAP ' stand at byte 208: map is \"XXXX\""],
    [2, { machst: 0 }, "machst is 0000 in a little-endian file"],
    [3, { nversion: 0 }, "nversion is 0"],
    [4, { mapc: 0, mapr: 0, maps: 0 }, "they are 0, 0, 0"],
    [5, { xlen: 0 }, "they are 4, 3, 2 and 0, 30, 20 Å"],
    [6, { ispg: 401, mz: 3 }, "nz is 2 and mz is 3"],
    [8, { nlabl: 2 }, "nlabl is 2, 1 are used"],
    [11, { dmax: 99 }, "dmax 99, found 23"],
  ])("clause %i", (clause, changes, message) => {
    const findings = validateMrc(withHeader(good, changes));
    expect(findings).toEqual([{ clause, message: expect.stringContaining(message) }]);
  });

  test("clauses on length and on values", () => {
    expect(validateMrc(good.subarray(0, 1100)).map(({ clause }) => clause)).toContain(9);
    const nan = writeMrc(createVolume([1, 1, 2], 10, Float32Array.of(Number.NaN, 1)));
    expect(validateMrc(nan)).toEqual([
      { clause: 10, message: "the data hold no NaN and no infinity: 1 NaN, 0 infinite" },
    ]);
  });
});

const DATA = join(import.meta.dirname, "../../../../../shared/data");

describe.skipIf(!existsSync(DATA))("real files (skipped when ../shared/data is absent)", () => {
  const read = (path: string) => readMrc(readFileSync(join(DATA, path)), { name: path });

  test("EMD-1155: mode 0, and a voxel size that only cell / intervals gives", () => {
    const { volume, statistics } = read("real/EMD-1155_HIV1_tomogram.ccp4");
    expect(volume.shape).toEqual([281, 91, 141]);
    expect(volume.voxelSizeAngstrom).toBe(16.4);
    expect(statistics).toMatchObject({ minimum: -128, maximum: 127 });
    expect(statistics.mean).toBeCloseTo(5.039, 3);
  });

  test("a stack without 'MAP ' and machine stamp, and one without voxel size", () => {
    const stack = read("real/cryodrgn_insitu_ribosome_tilts_64.mrcs");
    expect(stack.volume.shape).toEqual([220, 64, 64]);
    expect(stack.warnings.join("; ")).toMatch(/machine stamp 00.*lacks the characters 'MAP '.*exactly 1 Å/);
    expect(read("real/cryoCAT_tilt_stack_4.mrc").voxelSizeAngstrom).toBeUndefined();
  });

  test("content tells an MRC file", () => {
    expect(looksLikeMrc(readFileSync(join(DATA, "real/cryodrgn_insitu_ribosome_tilts_64.mrcs")))).toBe(true);
    expect(looksLikeMrc(readFileSync(join(DATA, "real/cryoCAT_ribosome_mask_48.em")))).toBe(false);
    expect(
      parseMrcHeader(readFileSync(join(DATA, "structures/benchmark/train/1F4A_10A.mrc"))).header.voxelSizeAngstrom,
    ).toBe(10);
  });
});
