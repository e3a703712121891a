import { expect, test } from "vitest";
import { ModelError, ShapeError } from "../../errors.js";
import * as op from "../operations.js";
import { readOnnxConstants, readOnnxMetadata, withOnnxMetadata } from "./decode.js";
import { encodeOnnx } from "./encode.js";
import { readFields } from "./protobuf.js";

const graph = () => ({ y: op.matmul(op.input("x", [4, 2]), op.input("w", [3, 2]), { transposeB: true }) });

/** The texts of a message field at a path of field numbers. */
function textsAt(message: Uint8Array, [first, ...rest]: readonly number[]): string[] {
  const found = [...readFields(message)].filter(({ field }) => field === first).map(({ bytes }) => bytes);
  return rest.length === 0
    ? found.map((bytes) => new TextDecoder().decode(bytes))
    : found.flatMap((bytes) => textsAt(bytes, rest));
}
const nodeTypes = (model: Uint8Array): string[] => textsAt(model, [7, 1, 4]);
const domains = (model: Uint8Array): string[] => textsAt(model, [8, 1]);

test("a portable model has standard operators only", () => {
  const model = encodeOnnx(graph(), { target: "portable" });
  expect(domains(model)).toEqual([""]);
  expect(nodeTypes(model)).toEqual(["Transpose", "MatMul", "Identity"]);
});

test("a model for the CPU uses fused products", () => {
  const model = encodeOnnx(graph(), { target: "cpu" });
  expect(domains(model)).toEqual(["", "com.microsoft", "com.microsoft.nchwc"]);
  expect(nodeTypes(model)).toEqual(["FusedMatMul", "Identity"]);
});

test("inputs and outputs keep their names and lengths; a dynamic batch opens the first axis only", () => {
  const fixed = encodeOnnx(graph(), { target: "portable" });
  expect(textsAt(fixed, [7, 11, 1])).toEqual(["x", "w"]);
  expect(textsAt(fixed, [7, 12, 1])).toEqual(["y"]);
  const dimension = [7, 11, 2, 1, 2, 1];
  expect(textsAt(fixed, [...dimension, 2])).toEqual([]);
  const open = encodeOnnx({ y: op.relu(op.input("x", [4, 2])) }, { target: "portable", dynamicBatch: true });
  expect(textsAt(open, [...dimension, 2])).toEqual(["batch"]);
});

test("blocked convolution is used where both channel counts fill half blocks, and only there", () => {
  const conv = (channels: number, outputs: number) => ({
    y: op.conv3d(op.input("x", [2, channels, 4, 4]), op.input("w", [outputs, channels, 3, 3, 3]), 2),
  });
  const types = (channels: number, outputs: number, blockedChannels?: number) =>
    nodeTypes(
      encodeOnnx(conv(channels, outputs), { target: "cpu", ...(blockedChannels !== undefined && { blockedChannels }) }),
    );
  expect(types(16, 16, 16)).toContain("ReorderInput");
  expect(types(16, 16)).not.toContain("ReorderInput");
  expect(types(16, 8, 16)).toContain("ReorderInput");
  expect(types(16, 4, 16)).not.toContain("ReorderInput");
  expect(types(3, 16, 16)).not.toContain("ReorderInput");
});

test("metadata comes back as written, in any script", () => {
  const metadata = { cosnet: '{"preset":"cosnet"}', note: "Ångström, 粒子", empty: "" };
  const model = encodeOnnx(graph(), { target: "portable", metadata });
  expect(Object.fromEntries(readOnnxMetadata(model))).toEqual(metadata);
});

test("metadata is replaced by key, and the rest of the model keeps its bytes", () => {
  const model = encodeOnnx(graph(), { target: "portable", metadata: { cosnet: "before", note: "kept" } });
  const changed = withOnnxMetadata(model, { cosnet: "after" });
  expect(Object.fromEntries(readOnnxMetadata(changed))).toEqual({ cosnet: "after", note: "kept" });
  expect(withOnnxMetadata(changed, { note: "kept" })).toEqual(
    encodeOnnx(graph(), { target: "portable", metadata: { cosnet: "after", note: "kept" } }),
  );
  expect(() => withOnnxMetadata(model.subarray(0, model.length - 20), { cosnet: "after" })).toThrow(ModelError);
});

test("the same graph gives the same bytes", () => {
  expect(encodeOnnx(graph(), { target: "cpu" })).toEqual(encodeOnnx(graph(), { target: "cpu" }));
});

test("two inputs of one name must have one shape", () => {
  const sum = op.add(op.sum(op.input("x", [2])), op.sum(op.input("x", [3])));
  expect(() => encodeOnnx({ sum }, { target: "portable" })).toThrow(new ShapeError("input x has shapes [2] and [3]"));
});

test("bytes that are not a complete model are refused", () => {
  const model = encodeOnnx(graph(), { target: "portable" });
  expect(() => readOnnxMetadata(model.subarray(0, model.length - 20))).toThrow(ModelError);
  expect(() => readOnnxMetadata(new Uint8Array(0))).toThrow("this is not an ONNX model: it holds no graph");
  expect(() => readOnnxMetadata(new TextEncoder().encode("just some text"))).toThrow(ModelError);
});

test("constants come back from a model, also as Node reads it from a file", () => {
  const weights = Float32Array.of(1, -2.5, 3);
  const y = op.add(op.input("x", [3]), op.constant(weights, [3], "weights"));
  const model = encodeOnnx({ y }, { target: "portable" });
  for (const bytes of [model, Buffer.from(model)]) expect(readOnnxConstants(bytes).get("weights")).toEqual(weights);
});
