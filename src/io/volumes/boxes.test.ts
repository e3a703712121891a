import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom, createVolume } from "../../volume/index.js";
import { type MrcBox, readMrcBoxes } from "./boxes.js";
import { decodeMrcFields, encodeMrcFields } from "./mrc/fields.js";
import { MRC_MODES, type MrcMode } from "./mrc/modes.js";
import { readMrc } from "./mrc/read.js";
import { writeMrc } from "./mrc/write.js";
import type { ByteOrder } from "./numbers.js";
import { memorySource } from "./random-access.js";

const modes = Object.keys(MRC_MODES).map(Number) as MrcMode[];
const orders: ByteOrder[] = ["little", "big"];

function withHeader(bytes: Uint8Array, changes: Parameters<typeof encodeMrcFields>[0]) {
  const changed = bytes.slice();
  changed.set(encodeMrcFields({ ...decodeMrcFields(bytes, true), ...changes }, true));
  return changed;
}

describe("boxes out of a larger file", () => {
  const shape = [12, 11, 10] as const;
  const random = createRandom("boxes");
  const volume = createVolume(
    shape,
    5,
    Float32Array.from({ length: 12 * 11 * 10 }, () => Math.round(random.uniform(-90, 90))),
  );

  async function cut(
    bytes: Uint8Array,
    position: { x: number; y: number; z: number },
    boxSize: number,
  ): Promise<MrcBox> {
    for await (const box of readMrcBoxes(memorySource(bytes), { positionsAngstrom: [position], boxSize })) return box;
    throw new Error("no box");
  }

  test.each(modes.filter((mode) => mode !== 6).flatMap((mode) => orders.map((order) => [mode, order] as const)))(
    "mode %i, %s-endian: any box equals the same part of the volume read whole",
    async (mode, byteOrder) => {
      const bytes = writeMrc(volume, { mode, byteOrder });
      const index = fc.integer({ min: -3, max: 14 });
      await fc.assert(
        fc.asyncProperty(index, index, index, fc.integer({ min: 1, max: 6 }), async (x, y, z, n) => {
          const box = await cut(bytes, { x: 5 * x + 1, y: 5 * y - 2, z: 5 * z }, n);
          const half = Math.floor(n / 2);
          let inside = 0;
          let sum = 0;
          const expected = Array.from({ length: n ** 3 }, (_, i) => {
            const [bx, by, bz] = [
              (i % n) + x - half,
              (Math.floor(i / n) % n) + y - half,
              Math.floor(i / n / n) + z - half,
            ];
            if (bx < 0 || by < 0 || bz < 0 || bx >= 10 || by >= 11 || bz >= 12) return undefined;
            inside++;
            sum += volume.data[(bz * 11 + by) * 10 + bx];
            return volume.data[(bz * 11 + by) * 10 + bx];
          });
          const mean = inside > 0 ? Math.fround(sum / inside) : 0;
          expect([...box.volume.data]).toEqual(expected.map((value) => value ?? mean));
          expect(box.outsideFraction).toBeCloseTo(1 - inside / n ** 3, 12);
          expect(box.remainderAngstrom).toEqual({ x: 1, y: -2, z: 0 });
        }),
        { numRuns: 60, seed: 3 },
      );
    },
  );

  test("permuted axes give the same box as the volume read whole", async () => {
    const bytes = withHeader(writeMrc(volume), { mapc: 3, mapr: 1, maps: 2, xlen: 50, ylen: 55, zlen: 60 });
    const whole = readMrc(bytes).volume;
    const box = await cut(bytes, { x: 5 * 4, y: 5 * 6, z: 5 * 5 }, 3);
    const [, ny, nx] = whole.shape;
    expect(box.volume.data[0]).toBe(whole.data[((5 - 1) * ny + 6 - 1) * nx + 4 - 1]);
    expect(box.volume.data[5]).toBe(whole.data[((5 - 1) * ny + 6) * nx + 4 + 1]);
  });

  test("an unknown voxel size or a bad box size is refused", async () => {
    const bytes = withHeader(writeMrc(volume), { xlen: 0 });
    await expect(cut(bytes, { x: 0, y: 0, z: 0 }, 3)).rejects.toThrow(/no usable voxel size/);
    await expect(cut(writeMrc(volume), { x: 0, y: 0, z: 0 }, 2.5)).rejects.toThrow(/whole number/);
    await expect(cut(writeMrc(volume), { x: Number.NaN, y: 0, z: 0 }, 3)).rejects.toThrow(/position 1 is not a number/);
  });
});
