import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../../errors.js";
import { readNpy, writeNpy } from "./npy.js";

/** An .npy file from its header dictionary and data bytes. */
function npy(dictionary: string, data: readonly number[], version = 1): Uint8Array {
  const text = new TextEncoder().encode(`${dictionary}\n`);
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length, 0, 0, 0];
  return Uint8Array.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...length, ...text, ...data]);
}

describe("npy", () => {
  test("write then read gives the same array", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), fc.float(), (shape, value) => {
        const count = shape.reduce((product, n) => product * n, 1);
        const data = Float32Array.from({ length: count }, (_, i) => value + i);
        const bytes = writeNpy({ shape, data });
        expect(readNpy(bytes)).toEqual({ shape, data, type: "<f4", fortranOrder: false });
      }),
      { seed: 6 },
    );
  });

  test.each([
    ["<i2", [1, 0, 254, 255], [1, -2]],
    [">i2", [0, 1, 255, 254], [1, -2]],
    ["|u1", [1, 254], [1, 254]],
    ["|b1", [0, 2], [0, 1]],
    [">f4", [0x3f, 0x80, 0, 0, 0xbf, 0x80, 0, 0], [1, -1]],
    ["<f2", [0, 0x3c, 0, 0xbc], [1, -1]],
    ["<i8", [5, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255], [5, -1]],
    [">f8", [0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xbf, 0xf0, 0, 0, 0, 0, 0, 0], [1, -1]],
  ])("type %s", (type, data, values) => {
    for (const version of [1, 2, 3])
      expect([
        ...readNpy(npy(`{'descr': '${type}', 'fortran_order': False, 'shape': (2,), }`, data, version)).data,
      ]).toEqual(values);
  });

  test("Fortran order is put in C order", () => {
    const stored = npy(
      "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }",
      [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11],
    );
    const { data, fortranOrder } = readNpy(stored);
    expect(fortranOrder).toBe(true);
    expect([...data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test.each([
    ["other bytes", new Uint8Array(40), "not an .npy file"],
    [
      "complex numbers",
      npy("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", []),
      "arrays of type <c8 cannot be read",
    ],
    [
      "records",
      npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", []),
      "arrays of type (records)",
    ],
    [
      "missing data",
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000), }", [0]),
      "truncated: shape (1000000, 1000000) of <f4 needs",
    ],
    [
      "a cut header",
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", []).subarray(0, 30),
      "header is corrupt or truncated",
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readNpy(bytes)).toThrow(FormatError);
    expect(() => readNpy(bytes)).toThrow(message);
  });
});
