import fc from "fast-check";
import { expect, test } from "vitest";
import { createMessageWriter, readFields } from "./protobuf.js";

test("the encoding of the specification's examples", () => {
  const writer = createMessageWriter();
  writer.varint(1, 150);
  writer.text(2, "testing");
  writer.message(3, (inner) => inner.varint(1, 150));
  expect(Buffer.from(writer.finish()).toString("hex")).toBe("089601" + "120774657374696e67" + "1a03089601");
});

test("negative numbers and floats", () => {
  const writer = createMessageWriter();
  writer.varint(1, -1);
  writer.float(2, 1);
  expect(Buffer.from(writer.finish()).toString("hex")).toBe("08ffffffffffffffffff01" + "150000803f");
});

const field = fc.integer({ min: 1, max: 5000 });
const fields = fc.array(
  fc.oneof(
    fc.record({ field, varint: fc.nat({ max: Number.MAX_SAFE_INTEGER }) }),
    fc.record({ field, bytes: fc.uint8Array({ maxLength: 300 }) }),
  ),
);

test("what is written is read back", () => {
  fc.assert(
    fc.property(fields, (written) => {
      const writer = createMessageWriter();
      for (const item of written) {
        if ("varint" in item) writer.varint(item.field, item.varint);
        else writer.bytes(item.field, item.bytes);
      }
      const read = [...readFields(writer.finish())];
      expect(read.map((item) => item.field)).toEqual(written.map((item) => item.field));
      written.forEach((item, i) => {
        if ("varint" in item) expect(read[i].varint).toBe(item.varint);
        else expect([...read[i].bytes]).toEqual([...item.bytes]);
      });
    }),
  );
});

test("a message cut off inside a field is refused, wherever the cut", () => {
  const writer = createMessageWriter();
  writer.bytes(1, new Uint8Array(200).fill(7));
  const message = writer.finish();
  for (let length = 1; length < message.length; length++)
    expect(() => [...readFields(message.subarray(0, length))], `${length} bytes`).toThrow(RangeError);
  expect([...readFields(message)]).toHaveLength(1);
});

test("wire types that do not exist are refused; 64-bit fields are passed over", () => {
  expect(() => [...readFields(Uint8Array.of(0x0b))]).toThrow("wire type 3 at byte 1");
  const double = Uint8Array.of(0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x10, 5);
  expect([...readFields(double)].map(({ field, varint }) => [field, varint])).toEqual([
    [1, 0],
    [2, 5],
  ]);
});
