import { FormatError, ModelError } from "../../errors.js";
import { decodeDescription } from "../../model/index.js";
import { readModelMetadata } from "../../runtime/index.js";
import type { Details } from "./description.js";

/** What `cosnet info` says of an ONNX model. @throws FormatError when it is damaged. */
export function describeModel(bytes: Uint8Array, path: string): Details {
  let metadata: ReadonlyMap<string, string>;
  try {
    metadata = readModelMetadata(bytes);
  } catch (cause) {
    throw new FormatError(cause instanceof ModelError ? cause.reason : String(cause), path, {
      cause,
      hint: "Copy or download the file again.",
    });
  }
  const description = decodeDescription(metadata);
  if (!description) return { fields: {}, warnings: ["this model was not written by cosnet, and cosnet cannot run it"] };
  const { config, embeddingSize, edge, voxelSizeAngstrom, provenance } = description;
  const fields = {
    network: config.preset,
    decoder: "decoder" in config && !config.decoder ? "none: gives no masks" : "yes",
    box: `${edge} x ${edge} x ${edge}`,
    voxelSizeAngstrom,
    embeddingSize,
  };
  return { fields: { ...fields, ...provenance }, warnings: [] };
}
