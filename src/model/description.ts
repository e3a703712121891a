/** What is stored in a model's file beside the graph: one JSON text among the strings of the ONNX model. */
import { encodeOnnx, type Tensor, withOnnxMetadata } from "../graph/index.js";

const METADATA_KEY = "cosnet";

interface Description {
  readonly format: string;
}

/** The ONNX graph of `outputs` for any batch, of standard operators only, with its description. */
export function encodeDescribed(outputs: Readonly<Record<string, Tensor>>, description: Description): Uint8Array {
  const metadata = { [METADATA_KEY]: JSON.stringify(description) };
  return encodeOnnx(outputs, { target: "portable", dynamicBatch: true, metadata });
}

/** The description in a file's metadata, or undefined where there is none of this format. */
export function decodeDescribed<D extends Description>(
  metadata: ReadonlyMap<string, string>,
  format: D["format"],
): D | undefined {
  const description = JSON.parse(metadata.get(METADATA_KEY) ?? "{}") as D;
  return description.format === format ? description : undefined;
}

/** A model's file with another description. @throws ModelError when the bytes are not an ONNX model. */
export function withDescription<D extends Description>(model: Uint8Array, description: D): Uint8Array {
  return withOnnxMetadata(model, { [METADATA_KEY]: JSON.stringify(description) });
}
