/**
 * The network as the authors' published code has it, for comparison side by side. It departs from the paper: DuSE takes the
 * larger of its two branches; the deepest encoder level has none, and the first two levels use one and the same; every pair is
 * an independent yes-or-no question.
 */
import { authorsNetwork } from "./authors-network.js";
import type { Network } from "./network.js";
import { independentPairs } from "./training-method.js";

/** The network of the authors' published code, scaled by its channels. */
export interface ReleasedConfig {
  readonly preset: "released";
  /** Channels of every level. */
  readonly channels: number;
  readonly duse: boolean;
  readonly decoder: boolean;
  readonly embeddingSize: number;
}

export const releasedDefaults: ReleasedConfig = {
  preset: "released",
  channels: 64,
  duse: true,
  decoder: true,
  embeddingSize: 512,
};

export function released({ channels, duse, decoder, embeddingSize }: ReleasedConfig): Network {
  const shared = duse ? "encoder.duse" : undefined;
  return {
    embeddingSize,
    similarity: "l1",
    training: independentPairs,
    forward: (layers, volumes) =>
      authorsNetwork(layers, volumes, {
        channels,
        embeddingSize,
        decoder,
        encoderDuse: [shared, shared, undefined],
        decoderDuse: duse,
        combine: "max",
      }),
  };
}
