import { encodeOnnx, op, type QuantisedRanges, type Tensor } from "../graph/index.js";
import type { Calibration } from "./calibration.js";
import { decodeDescribed, encodeDescribed, withDescription } from "./description.js";
import { depthToSpace } from "./layers.js";
import type { Network } from "./network.js";
import { constantLayers, type ParameterValues, storedLayers } from "./parameters.js";
import { createNetwork, type NetworkConfig } from "./presets.js";
import { type Quantisation, rangeOutputs } from "./quantisation.js";

/** What is stored in a model file beside the graph. */
export interface ModelDescription {
  readonly format: "cosnet-model-1";
  readonly config: NetworkConfig;
  readonly embeddingSize: number;
  readonly similarity: Network["similarity"];
  /** For `l1`: weights and bias of the fully connected layer on |a - b|. */
  readonly similarityWeights?: readonly number[];
  /** What similarities are multiplied by before the softmax that gives probabilities; learned in training. */
  readonly temperature: number;
  /** Makes probabilities mean what they say, in place of the temperature; absent until `cosnet train calibration` has fitted it. */
  readonly calibration?: Calibration;
  /** By what it is computed in 8 bits; absent until `cosnet train ranges` has measured it. */
  readonly quantisation?: Quantisation;
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  /** Where the model comes from: command, seed, volumes seen, figures. */
  readonly provenance: Readonly<Record<string, string | number>>;
}

/**
 * The model file: an ONNX graph from `volumes` `[batch, 32, 32, 32]` to `embedding` `[batch, E]` and, with a decoder, `mask`
 * `[batch, 32, 32, 32]` (probabilities), of standard operators only, with its description as metadata.
 */
export function encodeModel(
  config: NetworkConfig,
  values: ParameterValues,
  provenance: ModelDescription["provenance"],
  { edge = 32, voxelSizeAngstrom = 10 }: { edge?: number; voxelSizeAngstrom?: number } = {},
): Uint8Array {
  const network = createNetwork(config);
  const { embedding, maskLogits } = network.forward(constantLayers(values), op.input("volumes", [1, edge, edge, edge]));
  const [head, bias] = [values.get("similarity.weights"), values.get("similarity.bias")];
  const description: ModelDescription = {
    format: "cosnet-model-1",
    config,
    embeddingSize: network.embeddingSize,
    similarity: network.similarity,
    ...(head && bias && { similarityWeights: [...head, bias[0]] }),
    temperature: Math.exp(values.get("logTemperature")?.[0] ?? 0),
    edge,
    voxelSizeAngstrom,
    provenance,
  };
  const outputs = maskLogits === undefined ? {} : { mask: depthToSpace(op.sigmoid(maskLogits), edge) };
  return encodeDescribed({ embedding, ...outputs }, description);
}

/** How the graph of a model's file is made anew for the machine that it runs on. */
export interface FittedOptions {
  /** Ranges to compute in 8 bits by, where that is wanted. */
  readonly quantised?: QuantisedRanges;
  /** Volumes of a batch; as many as there are unless given. */
  readonly batch?: number;
}

/**
 * The graph of a model's file anew: `volumes` to `embedding` and, with a decoder, `mask`, as in the file.
 * @param constants those of the file.
 */
export function encodeFittedModel(
  { config, edge }: Pick<ModelDescription, "config" | "edge">,
  constants: ParameterValues,
  { quantised, batch }: FittedOptions = {},
): Uint8Array {
  const outputs = fittedOutputs({ config, edge }, constants, batch);
  return encodeOnnx(outputs, {
    ...(quantised ? { target: "cpu", quantised } : { target: "portable" }),
    ...(batch === undefined && { dynamicBatch: true }),
  });
}

/** A graph of the least and largest value of each tensor that is kept in 8 bits, as `widenRanges` reads them. */
export function encodeRangeGraph(
  description: Pick<ModelDescription, "config" | "edge">,
  constants: ParameterValues,
  batch: number,
): Uint8Array {
  return encodeOnnx(rangeOutputs(fittedOutputs(description, constants, batch)), { target: "portable" });
}

function fittedOutputs(
  { config, edge }: Pick<ModelDescription, "config" | "edge">,
  constants: ParameterValues,
  batch = 1,
): Record<string, Tensor> {
  const volumes = op.input("volumes", [batch, edge, edge, edge]);
  const { embedding, maskLogits } = createNetwork(config).forward(storedLayers(constants), volumes);
  return { embedding, ...(maskLogits && { mask: depthToSpace(op.sigmoid(maskLogits), edge) }) };
}

/** The description in a model file's metadata, or undefined when the file has none that cosnet wrote. */
export const decodeDescription = (metadata: ReadonlyMap<string, string>) =>
  decodeDescribed<ModelDescription>(metadata, "cosnet-model-1");

/** A model file with a calibration in its description, in place of any that it had; all else stays the same bytes. */
export function calibratedModel(
  model: Uint8Array,
  description: ModelDescription,
  calibration: Calibration,
): Uint8Array {
  return withDescription(model, { ...description, calibration });
}
