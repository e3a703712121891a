import { ModelError } from "../../errors.js";
import { createMessageWriter, readFields } from "./protobuf.js";

const GRAPH = 7;
const METADATA = 14;

/**
 * The strings stored with an ONNX model (`metadata_props`).
 * @throws ModelError when the bytes are not an ONNX model.
 */
export function readOnnxMetadata(model: Uint8Array): Map<string, string> {
  const metadata = new Map<string, string>();
  let graphs = 0;
  try {
    for (const { field, bytes } of readFields(model)) {
      if (field === GRAPH) graphs++;
      if (field === METADATA) metadata.set(...readEntry(bytes));
    }
  } catch (cause) {
    throw new ModelError(`this is not a complete ONNX model: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  if (graphs !== 1) throw new ModelError("this is not an ONNX model: it holds no graph");
  return metadata;
}

/** Fields of the graph and of a tensor in it, and the type of tensors that are read. */
const [INITIALIZER, TYPE, NAME, RAW_DATA, FLOAT] = [5, 2, 8, 9, 1] as const;

/** The float32 tensors stored in an ONNX model, by name. @throws ModelError when the bytes are not an ONNX model. */
export function readOnnxConstants(model: Uint8Array): Map<string, Float32Array> {
  readOnnxMetadata(model);
  const constants = new Map<string, Float32Array>();
  for (const graph of readFields(model)) {
    if (graph.field !== GRAPH) continue;
    for (const { field, bytes } of readFields(graph.bytes)) {
      const tensor = field === INITIALIZER ? new Map([...readFields(bytes)].map((one) => [one.field, one])) : undefined;
      const raw = tensor?.get(RAW_DATA)?.bytes;
      if (!raw || tensor.get(TYPE)?.varint !== FLOAT) continue;
      constants.set(new TextDecoder().decode(tensor.get(NAME)?.bytes), new Float32Array(new Uint8Array(raw).buffer));
    }
  }
  return constants;
}

/**
 * The model with these strings in place of those that are stored under the same keys; all else stays the same bytes.
 * @throws ModelError when the bytes are not an ONNX model.
 */
export function withOnnxMetadata(model: Uint8Array, metadata: Readonly<Record<string, string>>): Uint8Array {
  readOnnxMetadata(model);
  const writer = createMessageWriter();
  for (const { field, bytes, encoded } of readFields(model))
    if (field !== METADATA || !(readEntry(bytes)[0] in metadata)) writer.encoded(encoded);
  for (const [key, value] of Object.entries(metadata))
    writer.message(METADATA, (entry) => {
      entry.text(1, key);
      entry.text(2, value);
    });
  return writer.finish();
}

function readEntry(entry: Uint8Array): [key: string, value: string] {
  const text = new TextDecoder();
  const strings: [string, string] = ["", ""];
  for (const { field, bytes } of readFields(entry))
    if (field === 1 || field === 2) strings[field - 1] = text.decode(bytes);
  return strings;
}
