import { expect, test } from "vitest";
import { decodeNumbers, type ElementType, elementBytes } from "./numbers.js";

/** A value of each type as the standard library writes it, low byte first; float16 by hand: 1.5 is 0x3e00. */
const CASES: readonly [ElementType, number, (view: DataView) => void][] = [
  ["bool", 1, (view) => view.setUint8(0, 3)],
  ["int8", -5, (view) => view.setInt8(0, -5)],
  ["uint8", 251, (view) => view.setUint8(0, 251)],
  ["int16", -300, (view) => view.setInt16(0, -300, true)],
  ["uint16", 65000, (view) => view.setUint16(0, 65000, true)],
  ["float16", 1.5, (view) => view.setUint16(0, 0x3e00, true)],
  ["int32", -70_000, (view) => view.setInt32(0, -70_000, true)],
  ["uint32", 2 ** 31, (view) => view.setUint32(0, 2 ** 31, true)],
  ["float32", 0.25, (view) => view.setFloat32(0, 0.25, true)],
  ["int64", -(2 ** 40), (view) => view.setBigInt64(0, -(2n ** 40n), true)],
  ["uint64", 2 ** 63, (view) => view.setBigUint64(0, 2n ** 63n, true)],
  ["float64", -0.125, (view) => view.setFloat64(0, -0.125, true)],
];

test.each(CASES)("%s in both byte orders, at any address, and the bytes stay as they were", (type, value, write) => {
  const size = elementBytes(type);
  const little = new Uint8Array(size);
  write(new DataView(little.buffer));
  for (const [order, element] of [
    ["little", little],
    ["big", little.toReversed()],
  ] as const)
    for (const offset of [0, 1, 8]) {
      const file = new Uint8Array(offset + 2 * size);
      file.set(element, offset);
      file.set(element, offset + size);
      const before = file.slice();
      const numbers = decodeNumbers(file.subarray(offset), type, order);
      expect([...numbers]).toEqual([value, value]);
      numbers[0] = 0; // their own memory
      expect(file).toEqual(before);
    }
});
