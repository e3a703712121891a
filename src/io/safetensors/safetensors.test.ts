import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../errors.js";
import { readSafetensors, type SafetensorsArray, writeSafetensors } from "./safetensors.js";

/** A file with this JSON header and that many data bytes. */
function file(header: unknown, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

describe("safetensors", () => {
  test("the bytes are those of the reference layout", () => {
    const tensors = new Map<string, SafetensorsArray>([
      ["a", { dtype: "F32", shape: [2], data: Float32Array.of(1, -2) }],
    ]);
    const bytes = writeSafetensors(tensors, { step: "3" });
    const header = '{"__metadata__":{"step":"3"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    expect(new TextDecoder().decode(bytes.subarray(8, -8)).trimEnd()).toBe(header);
    expect((bytes.length - 8) % 8).toBe(0);
    expect([...bytes.subarray(-8)]).toEqual([0, 0, 128, 63, 0, 0, 0, 192]);
  });

  test("write then read gives the same tensors, bit for bit", () => {
    const tensor = fc.oneof(
      fc.float32Array({ maxLength: 6 }).map((data): SafetensorsArray => ({ dtype: "F32", shape: [data.length], data })),
      fc
        .bigInt64Array({ maxLength: 4 })
        .map((data): SafetensorsArray => ({ dtype: "I64", shape: [1, data.length], data })),
      fc.uint8Array({ maxLength: 5 }).map((data): SafetensorsArray => ({ dtype: "U8", shape: [data.length, 1], data })),
      fc
        .uint16Array({ minLength: 1, maxLength: 1 })
        .map((data): SafetensorsArray => ({ dtype: "BF16", shape: [], data })),
    );
    const name = fc.string({ minLength: 1 }).filter((text) => text !== "__metadata__" && text !== "__proto__");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, tensor), { maxLength: 5 }),
        fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.string()),
        (list, metadata) => {
          const tensors = new Map(list);
          const bytes = writeSafetensors(tensors, metadata);
          const back = readSafetensors(bytes);
          expect(new Map(back.arrays)).toEqual(tensors);
          expect(back.metadata).toEqual({ ...metadata });
          // Same content, same bytes, even when numbers-like names made the JSON order differ.
          expect(writeSafetensors(tensors, metadata)).toEqual(bytes);
        },
      ),
      { seed: 7 },
    );
  });

  const entry = (changes: object = {}) => ({ dtype: "F32", shape: [2], data_offsets: [0, 8], ...changes });
  test.each([
    ["empty", new Uint8Array(0), "not a safetensors file"],
    ["a header beyond the end", file({ a: entry() }, 8).subarray(0, 20), "truncated within its header"],
    [
      "a huge header length",
      Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 0x7b, 0x7d),
      "not a safetensors file",
    ],
    ["truncated data", file({ a: entry() }, 7), "truncated: the tensors need"],
    ["extra data", file({ a: entry() }, 9), "the tensors need"],
    ["no JSON", file("{abc", 0), "the header is not JSON"],
    ["an unknown type", file({ a: entry({ dtype: "Q4" }) }, 8), 'tensor "a": unknown type Q4'],
    ["a type named like a property", file({ a: entry({ dtype: "constructor" }) }, 8), "unknown type constructor"],
    ["a shape that does not fit", file({ a: entry({ shape: [3] }) }, 8), "shape [3] of F32 needs 12 bytes, not 8"],
    ["a negative shape", file({ a: entry({ shape: [-2] }) }, 8), "not a list of whole numbers"],
    ["a gap", file({ a: entry({ data_offsets: [4, 12] }) }, 12), 'tensor "a" starts at byte 4, not 0'],
    ["an overlap", file({ a: entry(), b: entry({ data_offsets: [4, 12] }) }, 12), 'tensor "b" starts at byte 4, not 8'],
    ["metadata that is no text", file({ __metadata__: { a: 1 } }, 0), "__metadata__ is not a set of texts"],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(FormatError);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });

  test("refuses to write a tensor whose shape does not fit", () => {
    const tensors = new Map<string, SafetensorsArray>([["a", { dtype: "F32", shape: [3], data: Float32Array.of(1) }]]);
    expect(() => writeSafetensors(tensors)).toThrow('tensor "a" of shape [3] has 1 values');
  });
});
