import { expect, test } from "vitest";
import { FormatError } from "../../errors.js";
import { decodeEnvelope, encodeEnvelope } from "./envelope.js";

test("what goes in comes out, arrays of every type in their places", () => {
  const value = {
    runId: "run-1",
    nothing: null,
    tables: [
      { classIndex: new Uint8Array([0, 255, 3]), positions: new Float32Array([1.5, -2, 3]) },
      { classIndex: new Uint8Array(0), positions: new Float64Array([Number.NaN, 1e300]) },
    ],
    indices: new Uint32Array([1, 2, 2 ** 32 - 1]),
  };
  expect(decodeEnvelope(encodeEnvelope(value))).toEqual(value);
  expect(decodeEnvelope(encodeEnvelope(undefined))).toBeNull();
});

test("an array that begins inside a larger buffer is sent alone", () => {
  const section = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
  expect(decodeEnvelope(encodeEnvelope(section))).toEqual(new Float32Array([1, 2]));
});

test("bytes may lie inside a larger buffer, as those of Node do", () => {
  const message = encodeEnvelope([new Uint8Array([1, 2])]);
  const larger = Buffer.concat([Buffer.from([7, 7, 7]), message]);
  expect(decodeEnvelope(larger.subarray(3))).toEqual([new Uint8Array([1, 2])]);
});

test("bytes that are cut off, or promise arrays that are not there, are refused", () => {
  const whole = encodeEnvelope({ values: new Float32Array(10) });
  for (let length = 0; length < whole.byteLength; length += 3)
    expect(() => decodeEnvelope(whole.subarray(0, length))).toThrow(FormatError);
  const lie = encodeEnvelope({ $array: "Float32Array", length: -1 });
  expect(() => decodeEnvelope(lie)).toThrow(FormatError);
  expect(() => decodeEnvelope(encodeEnvelope({ $array: "constructor", length: 1 }))).toThrow(FormatError);
});
