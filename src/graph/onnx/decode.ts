import { ModelError } from "../../errors.js";
import { readFields } from "./protobuf.js";

/**
 * The strings stored with an ONNX model (`metadata_props`).
 * @throws ModelError when the bytes are not an ONNX model.
 */
export function readOnnxMetadata(model: Uint8Array): Map<string, string> {
  const text = new TextDecoder();
  const metadata = new Map<string, string>();
  let graphs = 0;
  try {
    for (const { field, bytes } of readFields(model)) {
      if (field === 7) graphs++;
      if (field !== 14) continue;
      let key = "";
      let value = "";
      for (const entry of readFields(bytes)) {
        if (entry.field === 1) key = text.decode(entry.bytes);
        if (entry.field === 2) value = text.decode(entry.bytes);
      }
      metadata.set(key, value);
    }
  } catch (cause) {
    throw new ModelError(`this is not a complete ONNX model: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  if (graphs !== 1) throw new ModelError("this is not an ONNX model: it holds no graph");
  return metadata;
}
