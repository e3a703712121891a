import { FormatError, ModelError } from "../../errors.js";
import {
  type DetectorDescription,
  decodeDescription,
  decodeDetectorDescription,
  type ModelDescription,
} from "../../model/index.js";
import { readModelMetadata } from "../../runtime/index.js";
import type { Details } from "./description.js";

type Fields = Details["fields"];

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
  const [classifier, detector] = [decodeDescription(metadata), decodeDetectorDescription(metadata)];
  const description = classifier ?? detector;
  if (!description) return { fields: {}, warnings: ["this model was not written by cosnet, and cosnet cannot run it"] };
  const { voxelSizeAngstrom, quantisation, provenance } = description;
  const fields = {
    ...(classifier && classifierFields(classifier)),
    ...(detector && detectorFields(detector)),
    voxelSizeAngstrom,
    int8: quantisation ? `by ranges of ${quantisation.measuredOn}` : "no: float32 only",
  };
  return { fields: { ...fields, ...provenance }, warnings: [] };
}

function classifierFields({ config, embeddingSize, edge }: ModelDescription): Fields {
  return {
    network: `classifier, preset ${config.preset}`,
    decoder: "decoder" in config && !config.decoder ? "none: gives no masks" : "yes",
    box: `${edge} x ${edge} x ${edge}`,
    embeddingSize,
  };
}

function detectorFields({ edge, haloVoxels, centreThreshold, featureChannels }: DetectorDescription): Fields {
  return {
    network: "detector",
    tile: `${edge} x ${edge} x ${edge}, of which ${haloVoxels} at each face are thrown away`,
    centreThreshold,
    features: featureChannels ?? "none: does not search by example",
  };
}
