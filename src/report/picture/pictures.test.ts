import fc from "fast-check";
import { unzlibSync } from "fflate";
import { describe, expect, test } from "vitest";
import { surfaceMesh } from "../../volume/index.js";
import { classColour, encodePng, type Picture, surfacePicture } from "../index.js";
import { maskOutline } from "./mask-outline.js";
import { centralSlice, contrastRange, slicePicture } from "./slice.js";

/** Reads what `encodePng` writes: chunks, inflate, undo the row filters. */
function decodePng(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let offset = 8;
  let data = new Uint8Array(0);
  while (offset < bytes.length) {
    const length = view.getUint32(offset);
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    if (type === "IDAT") data = unzlibSync(bytes.subarray(offset + 8, offset + 8 + length));
    offset += 12 + length;
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const channels = bytes[25] === 6 ? 4 : 1;
  const rowBytes = width * channels;
  const pixels = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++)
    for (let i = 0; i < rowBytes; i++) {
      const left = i >= channels ? pixels[y * rowBytes + i - channels] : 0;
      const up = y > 0 ? pixels[(y - 1) * rowBytes + i] : 0;
      const corner = y > 0 && i >= channels ? pixels[(y - 1) * rowBytes + i - channels] : 0;
      const estimate = left + up - corner;
      const paeth = [left, up, corner].reduce((best, p) =>
        Math.abs(estimate - p) < Math.abs(estimate - best) ? p : best,
      );
      const predicted = [0, left, up, (left + up) >> 1, paeth][data[y * (rowBytes + 1)]];
      pixels[y * rowBytes + i] = data[y * (rowBytes + 1) + 1 + i] + predicted;
    }
  return { width, height, channels, pixels };
}

describe("PNG", () => {
  test("any picture comes back the same", () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 1, max: 9 }),
          height: fc.integer({ min: 1, max: 9 }),
          channels: fc.constantFrom(1 as const, 4 as const),
        }),
        fc.infiniteStream(fc.nat(255)),
        ({ width, height, channels }, bytes) => {
          const picture = {
            width,
            height,
            channels,
            pixels: Uint8Array.from([...bytes.take(width * height * channels)]),
          };
          expect(decodePng(encodePng(picture))).toEqual(picture);
        },
      ),
    );
  });
  test("the empty end chunk has the checksum of the specification", () => {
    const bytes = encodePng({ width: 1, height: 1, channels: 1, pixels: Uint8Array.of(7) });
    expect([...bytes.subarray(-12)]).toEqual([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);
  });
});

describe("slices", () => {
  const shape = [2, 3, 4] as const; // centre (z, y, x) = (1, 1, 2)
  const data = Float32Array.from({ length: 24 }, (_, i) => i);
  test("are cut at the centre, x to the right in z and y slices", () => {
    expect(centralSlice(data, shape, "z")).toMatchObject({ width: 4, height: 3 });
    expect([...centralSlice(data, shape, "z").data]).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);
    expect([...centralSlice(data, shape, "y").data]).toEqual([4, 5, 6, 7, 16, 17, 18, 19]);
    expect([...centralSlice(data, shape, "x").data]).toEqual([2, 6, 10, 14, 18, 22]);
  });
  test("pictures keep rows, columns and grey values", () => {
    const plane = { width: 3, height: 2, data: Float32Array.of(0, 0, 1, 0, 0, 0) };
    const picture = slicePicture(plane, [0, 1], { scale: 5 });
    expect([picture.width, picture.height]).toEqual([15, 10]);
    const at = (x: number, y: number) => picture.pixels[y * 15 + x];
    expect(at(12, 2)).toBe(255); // the middle of the bright voxel
    expect(at(2, 2)).toBe(0);
    expect(at(12, 7)).toBe(0);
  });
  test("contrast ignores the few brightest voxels and anything that is no number", () => {
    const values = Float32Array.from({ length: 1001 }, (_, i) => i);
    values[1000] = 1e9;
    values[0] = Number.NaN;
    const [low, high] = contrastRange(values);
    expect([low, high]).toEqual([11, 996]);
    expect(contrastRange([5, 5])).toEqual([4.5, 5.5]);
    expect([
      ...slicePicture({ width: 1, height: 1, data: Float32Array.of(Number.NaN) }, [0, 1], { scale: 1 }).pixels,
    ]).toEqual([0]);
  });
});

describe("mask outlines", () => {
  /** Signed area inside a path of M, l and z commands. */
  const area = (path: string) => {
    let sum = 0;
    for (const loop of path.split("z").filter(Boolean)) {
      const points = [...loop.matchAll(/(-?\d+) (-?\d+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
      let [x, y] = points[0];
      for (const [dx, dy] of points.slice(1)) {
        sum += (x * (y + dy) - (x + dx) * y) / 2;
        [x, y] = [x + dx, y + dy];
      }
      sum += (x * points[0][1] - points[0][0] * y) / 2;
    }
    return sum;
  };
  const disc = (radius: number) => ({
    width: 24,
    height: 20,
    data: Float32Array.from(
      { length: 480 },
      (_, i) => 0.5 + radius - Math.hypot((i % 24) - 11.5, Math.floor(i / 24) - 9.5),
    ),
  });
  test("enclose the area of a disc, to 5 %", () => {
    expect(Math.abs(area(maskOutline(disc(6))))).toBeCloseTo(Math.PI * 36 * 100, -3);
    expect(maskOutline(disc(6)).match(/M/g)).toHaveLength(1);
  });
  test("holes run the other way", () => {
    const ring = disc(8);
    const hole = disc(3);
    ring.data.forEach((value, i) => {
      ring.data[i] = Math.min(value, 1 - hole.data[i]);
    });
    expect(maskOutline(ring).match(/M/g)).toHaveLength(2);
    expect(Math.abs(area(maskOutline(ring)))).toBeCloseTo(Math.PI * (64 - 9) * 100, -3);
  });
  test("close along the border, keep touching corners apart, and vanish for an empty mask", () => {
    expect(maskOutline({ width: 1, height: 1, data: Float32Array.of(1) })).toMatch(/^M.*z$/);
    expect(maskOutline({ width: 2, height: 2, data: Float32Array.of(1, 0, 0, 1) }).match(/z/g)).toHaveLength(2);
    expect(maskOutline({ width: 2, height: 2, data: Float32Array.of(0, 1, 1, 0) }).match(/z/g)).toHaveLength(2);
    expect(maskOutline({ width: 2, height: 2, data: new Float32Array(4) })).toBe("");
  });
});

describe("surfaces", () => {
  const n = 24;
  const field = (inside: (x: number, y: number, z: number) => number) =>
    Float32Array.from({ length: n ** 3 }, (_, i) =>
      inside((i % n) - 12, (Math.floor(i / n) % n) - 12, Math.floor(i / n / n) - 12),
    );
  const ball = field((x, y, z) => 8.3 - Math.hypot(x, y, z));
  test("pictures: transparent around, opaque inside, lit from the upper left, no two runs different", () => {
    const mesh = surfaceMesh(ball, [n, n, n], 0);
    const view = { size: 40, centre: { x: 12, y: 12, z: 12 }, extent: 20 };
    const picture = surfacePicture(mesh, [0, 114, 178], view);
    const pixel = (x: number, y: number) => [...picture.pixels.subarray(4 * (40 * y + x), 4 * (40 * y + x) + 4)];
    expect(pixel(0, 0)).toEqual([0, 0, 0, 0]);
    expect(pixel(20, 20)[3]).toBe(255);
    expect(pixel(14, 13)[2]).toBeGreaterThan(pixel(28, 30)[2] + 40);
    expect(surfacePicture(mesh, [0, 114, 178], view).pixels).toEqual(picture.pixels);
  });
  test("pictures show +x to the right and +z up by default", () => {
    const knob = field((x, y, z) =>
      Math.max(5 - Math.hypot(x, y, z), 3 - Math.hypot(x - 7, y, z), 1.5 - Math.hypot(x, y, z - 8)),
    );
    const { pixels } = surfacePicture(surfaceMesh(knob, [n, n, n], 0), [200, 200, 200], {
      size: 40,
      centre: { x: 12, y: 12, z: 12 },
      extent: 24,
    });
    const covered = (inside: (x: number, y: number) => boolean) =>
      Array.from({ length: 1600 }, (_, i) => i).filter(
        (i) => inside(i % 40, Math.floor(i / 40)) && pixels[4 * i + 3] > 0,
      ).length;
    expect(covered((x) => x > 29)).toBeGreaterThan(10);
    expect(covered((x) => x < 11)).toBe(0);
    expect(covered((_, y) => y < 11)).toBeGreaterThan(2);
    expect(covered((_, y) => y > 29)).toBe(0);
  });
});

test("class colours differ from each other", () => {
  const colours = Array.from({ length: 12 }, (_, i) => classColour(i));
  for (const a of colours)
    for (const b of colours) if (a !== b) expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(35);
});
