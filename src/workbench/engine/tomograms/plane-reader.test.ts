import { describe, expect, test } from "vitest";
import { readerOf } from "../../../io/index.js";
import type { Shape3 } from "../../../volume/index.js";
import type { Axis, GreyValues } from "../../protocol/index.js";
import { createPlaneReader } from "./plane-reader.js";
import { createSectionCache } from "./section-cache.js";
import { slabOf } from "./slab-reading.js";

/** A volume that is told by a formula, so that it takes no memory. */
const valueAt = (z: number, y: number, x: number) => ((31 * z + 17 * y + 7 * x) % 199) - 100;

async function readBlock([z0, y0, x0]: Shape3, [depth, height, width]: Shape3): Promise<Int16Array> {
  const block = new Int16Array(depth * height * width);
  for (let z = 0, i = 0; z < depth; z++)
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) block[i++] = valueAt(z0 + z, y0 + y, x0 + x);
  return block;
}

function planeOf([nz, ny, nx]: Shape3, axis: Axis, index: number): number[] {
  const plane: number[] = [];
  const [rows, columns] = axis === "z" ? [ny, nx] : [nz, axis === "y" ? nx : ny];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const [z, y, x] =
        axis === "z" ? [index, row, column] : axis === "y" ? [row, index, column] : [row, column, index];
      plane.push(valueAt(z!, y!, x!));
    }
  return plane;
}

/** A file that is read part by part, each when the test lets it. */
function slowTomogram(shape: Shape3) {
  const waiting: (() => void)[] = [];
  const asked: string[] = [];
  let isOpen = false;
  const turn = async () => {
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    asked,
    tomogram: {
      shape,
      async readNumbers(first: Shape3, size: Shape3) {
        asked.push(`${first} ${size}`);
        if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
        return readBlock(first, size);
      },
    },
    turn,
    async letThrough(parts: number) {
      for (let i = 0; i < parts; i++) {
        waiting.shift()?.();
        await turn();
      }
    },
    open() {
      isOpen = true;
      for (const go of waiting.splice(0)) go();
    },
  };
}

describe("planes that are read part by part", () => {
  const shape: Shape3 = [33, 730, 731]; // sections so large that they are read one at a time
  const COARSE_PARTS = 3; // z 0, 16 and 32

  test("are seen coarsely as soon as every 16th row is there, and then exactly", async () => {
    const { tomogram, asked, letThrough, open, turn } = slowTomogram(shape);
    const { own } = createPlaneReader(tomogram, createSectionCache(1e9), "a");
    const seen = own("x", 700, Promise.resolve());
    await turn();
    await letThrough(COARSE_PARTS);
    const { values, isCoarse } = await seen;
    expect(isCoarse).toBe(true);
    const exact = planeOf(shape, "x", 700);
    const rowOf = (plane: ArrayLike<number>, z: number) => Array.from(plane).slice(z * 730, (z + 1) * 730);
    expect(rowOf(values, 16)).toEqual(rowOf(exact, 16));
    expect(rowOf(values, 31)).toEqual(rowOf(exact, 16));
    open();
    expect(Array.from((await own("x", 700)).values)).toEqual(exact);
    expect(asked).toHaveLength(33);
    expect(new Set(asked).size).toBe(33); // every part of the file once
    const neighbour = await own("x", 701, Promise.resolve());
    expect(neighbour.isCoarse).toBe(false);
    expect(Array.from(neighbour.values)).toEqual(planeOf(shape, "x", 701));
    expect(asked).toHaveLength(33);
  });

  test("are read on no longer when others are looked at", async () => {
    const { tomogram, asked, letThrough, open, turn } = slowTomogram(shape);
    const { own } = createPlaneReader(tomogram, createSectionCache(1e9), "a");
    const first = own("x", 0, Promise.resolve());
    await turn();
    await letThrough(COARSE_PARTS);
    await first;
    const second = own("x", 500, Promise.resolve());
    await turn();
    open();
    await second;
    expect(Array.from((await own("x", 500)).values)).toEqual(planeOf(shape, "x", 500));
    const of = (slab: string) => asked.filter((text) => text.startsWith(`${text.split(",")[0]},0,${slab} `)).length;
    expect(of("0")).toBeLessThanOrEqual(COARSE_PARTS + 2); // two were under way
    expect(of(String(slabOf(shape, "x", 500).first))).toBe(33);
  });

  test("what is looked at is read before what is read ahead", async () => {
    const { tomogram, asked, open, letThrough, turn } = slowTomogram(shape);
    const { own } = createPlaneReader(tomogram, createSectionCache(1e9), "a");
    const looked = own("x", 500, Promise.resolve());
    await turn();
    const ahead = own("x", 0);
    await letThrough(10);
    expect(asked.some((text) => /^\d+,0,0 /.test(text))).toBe(false);
    open();
    expect(Array.from((await ahead).values)).toEqual(planeOf(shape, "x", 0));
    await looked;
  });

  test("a failure is told to whoever waits, and not kept", async () => {
    let isBroken = true;
    const readNumbers = async (first: Shape3, size: Shape3) => {
      if (isBroken) throw new Error("the disk is gone");
      return readBlock(first, size);
    };
    const { own } = createPlaneReader({ shape, readNumbers }, createSectionCache(1e9), "a");
    await expect(own("x", 7, Promise.resolve())).rejects.toThrow("the disk is gone");
    await expect(own("y", 7)).rejects.toThrow("the disk is gone");
    isBroken = false;
    expect(Array.from((await own("x", 7, Promise.resolve())).values)).toHaveLength(33 * 730);
  });
});

test.each([
  ["odd", [7, 13, 201]],
  ["even", [8, 12, 130]],
  ["flat", [1, 300, 70]],
] as const)("across x and y all planes of an %s volume are exact, whatever was asked before", async (_, shape) => {
  const cache = createSectionCache(2 * 7 * 13 * 10); // ten planes: most are read again
  const reader = createPlaneReader({ shape, readNumbers: readBlock }, cache, "a");
  for (const axis of ["x", "y", "z"] as const) {
    const count = shape[{ z: 0, y: 1, x: 2 }[axis]];
    for (const index of [0, 1, count >> 1, count - 1, 0].filter((at) => at < count)) {
      expect(Array.from((await reader.own(axis, index)).values)).toEqual(planeOf(shape, axis, index));
      expect(Array.from((await reader.shared(axis, index)).values)).toEqual(planeOf(shape, axis, index));
    }
  }
});

test("what a caller owns is nobody else's", async () => {
  const shape: Shape3 = [5, 6, 7];
  const data = Float32Array.from(await readBlock([0, 0, 0], shape));
  const { own } = createPlaneReader({ shape, readNumbers: readerOf({ data, shape }) }, createSectionCache(1e6), "a");
  for (const axis of ["x", "y", "z"] as const) {
    (await own(axis, 2)).values.fill(1000);
    expect(Array.from((await own(axis, 2)).values)).toEqual(planeOf(shape, axis, 2));
  }
  expect(Math.max(...data)).toBeLessThan(1000);
});

test("slabs divide an axis, and hold no more than 48 MB at two bytes a voxel", () => {
  for (const shape of [
    [1000, 1024, 1024],
    [200, 512, 511],
    [30, 4000, 5000],
  ] as const)
    for (const axis of ["x", "y", "z"] as const) {
      const count = shape[{ z: 0, y: 1, x: 2 }[axis]];
      const plane = (shape[0] * shape[1] * shape[2]) / count;
      for (let next = 0; next < count; ) {
        const slab = slabOf(shape, axis, next);
        expect(slab).toEqual(slabOf(shape, axis, slab.first + slab.count - 1));
        expect(slab.first).toBe(next);
        if (slab.count > 1) expect(2 * plane * slab.count).toBeLessThanOrEqual(48 * 2 ** 20);
        next += slab.count;
      }
    }
});

test("the cache holds no more than its bytes, the latest used", () => {
  const cache = createSectionCache(100);
  const values = (length: number): GreyValues => new Int16Array(length);
  cache.set("a", values(20));
  cache.set("b", values(20));
  cache.get("a");
  cache.set("c", values(20));
  expect([cache.get("a"), cache.get("b"), cache.get("c")].map((kept) => kept !== undefined)).toEqual([
    true,
    false,
    true,
  ]);
});
