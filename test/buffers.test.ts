import { expect, test } from "vitest";
import { readMrc, readSafetensors, writeMrc, writeSafetensors } from "../src/io/index.js";
import { createVolume } from "../src/volume/index.js";

// Node's readFile gives a Buffer, often a view into a shared pool, whose slice() copies nothing.
const asPooledBuffer = (bytes: Uint8Array): Buffer => {
  const pool = Buffer.alloc(bytes.length + 16, 0x5a);
  pool.set(bytes, 3);
  return pool.subarray(3, 3 + bytes.length);
};
const data = Float32Array.from({ length: 24 }, (_, i) => i / 7 - 1);

test.each([2, 12, 1, 6, 0] as const)("MRC mode %i reads alike from a Buffer and from its bytes", (mode) => {
  const whole = data.map((value) => Math.round(Math.abs(value) * 10));
  const bytes = writeMrc(createVolume([2, 3, 4], 10, whole), { mode });
  expect(readMrc(asPooledBuffer(bytes)).volume.data).toEqual(whole);
  expect(readMrc(bytes).volume.data).toEqual(whole);
});

test("safetensors read alike from a Buffer and from its bytes", () => {
  const bytes = writeSafetensors(new Map([["a", { dtype: "F32", shape: [2, 12], data }]]));
  for (const source of [bytes, asPooledBuffer(bytes)])
    expect(readSafetensors(source, { name: "test" }).arrays.get("a")!.data).toEqual(data);
});
