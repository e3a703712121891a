/**
 * The default network. Encoder: 2x2x2 cells as channels, convolution, then three levels of residual blocks at 16^3, 8^3 and
 * 4^3 with DuSE at the end of each level. Decoder: back up with skip connections to a mask of the full 32^3. Embedding:
 * features of every level pooled over the volume and within the predicted mask (the paper's attention guidance; the mask is
 * not trained through it, which would spoil it), then two fully connected layers and unit length.
 */
import { op, type Tensor } from "../graph/index.js";
import {
  decodeLevel,
  dense,
  duse,
  type Encoded,
  encodeLevels,
  globalMax,
  globalMean,
  spaceToDepth,
  weightedSum,
} from "./layers.js";
import type { Network } from "./network.js";
import type { Layers } from "./parameters.js";
import { inBatchSoftmax } from "./training-method.js";

/** Size and parts of the network of this project. */
export interface CosnetConfig {
  readonly preset: "cosnet";
  /** Channels at 16^3, 8^3 and 4^3. */
  readonly widths: readonly [number, number, number];
  /** Residual blocks at each level. */
  readonly blocks: readonly [number, number, number];
  readonly duse: boolean;
  /** Without the decoder there is no mask, and pooling is over the whole volume only. */
  readonly decoder: boolean;
  readonly hiddenSize: number;
  readonly embeddingSize: number;
}

/** The network that the shipped model is. */
export const cosnetDefaults: CosnetConfig = {
  preset: "cosnet",
  widths: [16, 48, 96],
  blocks: [1, 2, 2],
  duse: true,
  decoder: true,
  hiddenSize: 256,
  embeddingSize: 128,
};

export function cosnet(config: CosnetConfig): Network {
  return {
    embeddingSize: config.embeddingSize,
    similarity: "cosine",
    training: inBatchSoftmax,
    forward(layers, volumes) {
      const edge = volumes.shape[1] / 2;
      const encoded = encodeLevels(layers, config, spaceToDepth(volumes), edge);
      const pooled = [globalMean(encoded.deep, edge / 4), globalMax(encoded.deep, edge / 4)];
      if (!config.decoder)
        return { embedding: embed(layers, config, [...pooled, globalMean(encoded.middle, edge / 2)]) };
      const decoded = decode(layers, config, encoded, edge);
      const features = [...pooled, ...attentionPooled(encoded, decoded, edge)];
      return { embedding: embed(layers, config, features), maskLogits: decoded.logits };
    },
  };
}

interface Decoded extends Omit<Encoded, "deep"> {
  readonly logits: Tensor;
}

function decode(layers: Layers, config: CosnetConfig, { fine, middle, deep }: Encoded, edge: number): Decoded {
  const up = (name: string, x: Tensor, skip: Tensor, depth: number): Tensor => {
    const y = decodeLevel(layers, name, x, skip, depth);
    return config.duse ? duse(layers, `${name}.duse`, y, depth * 2) : y;
  };
  const upMiddle = up("up2", deep, middle, edge / 4);
  const upFine = up("up1", upMiddle, fine, edge / 2);
  const channels = upFine.shape[1];
  const weights = layers.parameter("mask.weights", [8, channels, 3, 3, 3], { fanIn: channels * 27, gain: 1 });
  const bias = layers.parameter("mask.bias", [1, 8, 1, 1], -2);
  return { fine: upFine, middle: upMiddle, logits: op.add(op.conv3d(upFine, weights, edge), bias) };
}

/** Encoder and decoder features averaged within the predicted mask, and the logarithm of the mask's volume. */
function attentionPooled(encoded: Encoded, decoded: Decoded, edge: number): Tensor[] {
  const attention = op.mean(op.stopGradient(op.sigmoid(decoded.logits)), [1]);
  const coarse = op.multiply(op.sumPool(attention, edge), 1 / 8);
  const volumeOf = (weights: Tensor, depth: number): Tensor =>
    op.sum(op.reshape(weights, [-1, depth * weights.shape[2] * weights.shape[3]]), [1]);
  const fineVolume = volumeOf(attention, edge);
  const coarseVolume = volumeOf(coarse, edge / 2);
  const within = (x: Tensor, weights: Tensor, volume: Tensor, depth: number, softening: number): Tensor =>
    op.divide(weightedSum(x, weights, depth), op.add(volume, softening));
  return [
    within(decoded.fine, attention, fineVolume, edge, 1),
    within(encoded.fine, attention, fineVolume, edge, 1),
    within(decoded.middle, coarse, coarseVolume, edge / 2, 0.3),
    within(encoded.middle, coarse, coarseVolume, edge / 2, 0.3),
    op.log(op.add(fineVolume, 1)),
  ];
}

function embed(layers: Layers, config: CosnetConfig, features: readonly Tensor[]): Tensor {
  const joined = op.concat(features, 1);
  const size = joined.shape[1];
  const normalised = op.reshape(layers.norm("features", op.reshape(joined, [-1, size, 1, 1])), [-1, size]);
  const hidden = op.relu(dense(layers, "hidden", normalised, config.hiddenSize));
  const embedding = dense(layers, "embedding", hidden, config.embeddingSize, 1);
  const length = op.sqrt(op.add(op.sum(op.multiply(embedding, embedding), [1]), 1e-12));
  return op.divide(embedding, length);
}
