/**
 * The authors' network, in the form that the paper describes and in the form of their published code; both presets are this
 * function with different switches. Encoder: a convolution, then three levels of two convolutions (32^3, 16^3, 8^3) with
 * max-pooling between them, all of the same width; each convolution is followed by ReLU and then batch norm. Decoder: two
 * transposed convolutions, two convolutions after each, no skip connections; 1^3 convolution and sigmoid. Embedding: all
 * features of the deepest level through a fully connected layer to 512, then the 512 x 512 feature encoder, nothing between.
 */
import { op, type Tensor } from "../graph/index.js";
import { convolution, dense, duse, flatten, pointwise, spaceToDepth, transposedConvolution } from "./layers.js";
import type { NetworkOutput } from "./network.js";
import { type Layers, sharing } from "./parameters.js";

/** In what the presets differ. */
export interface AuthorsNetworkSwitches {
  readonly channels: number;
  readonly embeddingSize: number;
  readonly decoder: boolean;
  /** The DuSE at the end of each encoder level by the name of its weights (equal names share them); undefined for none. */
  readonly encoderDuse: readonly [string | undefined, string | undefined, string | undefined];
  readonly decoderDuse: boolean;
  readonly combine: "add" | "max";
}

/** The network over `volumes` `[N, 32, 32, 32]`. */
export function authorsNetwork(
  layers: Layers,
  volumes: Tensor,
  { channels, embeddingSize, decoder, encoderDuse, decoderDuse, combine }: AuthorsNetworkSwitches,
): NetworkOutput {
  const edge = volumes.shape[1];
  const convReluNorm = (name: string, x: Tensor, depth: number): Tensor =>
    layers.norm(`${name}.norm`, op.relu(convolution(layers, name, x, channels, depth)));
  const double = (name: string, x: Tensor, depth: number): Tensor =>
    convReluNorm(`${name}.second`, convReluNorm(`${name}.first`, x, depth), depth);
  const duseLayers = sharing(layers);
  const recalibrate = (name: string | undefined, x: Tensor, depth: number): Tensor =>
    name === undefined ? x : duse(duseLayers, name, x, depth, combine);

  const input = op.relu(convolution(layers, "input", spaceToDepth(volumes, 1), channels, edge));
  const fine = recalibrate(encoderDuse[0], double("level1", input, edge), edge);
  const middle = recalibrate(encoderDuse[1], double("level2", op.maxPool(fine, edge), edge / 2), edge / 2);
  const deep = recalibrate(encoderDuse[2], double("level3", op.maxPool(middle, edge / 2), edge / 4), edge / 4);

  const compressed = dense(layers, "compress", flatten(deep, edge / 4), embeddingSize, 1);
  const embedding = dense(layers, "embedding", compressed, embeddingSize, 1);
  if (!decoder) return { embedding };

  const up = (name: string, x: Tensor, depth: number): Tensor => {
    const finer = transposedConvolution(layers, `${name}.up`, x, channels, depth);
    return recalibrate(decoderDuse ? `${name}.duse` : undefined, double(name, finer, 2 * depth), 2 * depth);
  };
  const decoded = up("decoder1", up("decoder2", deep, edge / 4), edge / 2);
  return { embedding, maskLogits: pointwise(layers, "mask", decoded, 1) };
}
