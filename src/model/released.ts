/**
 * The network as the authors' published code has it, for comparison side by side. It departs from the paper: DuSE takes the
 * larger of its two branches; the deepest encoder level has none, and the first two levels use one and the same; every pair is
 * an independent yes-or-no question.
 */
import { authorsNetwork } from "./authors-network.js";
import type { Network } from "./network.js";
import type { PaperConfig } from "./paper.js";
import { independentPairs } from "./training-method.js";

/** The network of the authors' published code, scaled by its channels. */
export interface ReleasedConfig extends Omit<PaperConfig, "preset" | "ways"> {
  readonly preset: "released";
}

/** As in the authors' code. */
export const releasedDefaults: ReleasedConfig = {
  preset: "released",
  channels: 64,
  duse: true,
  decoder: true,
  embeddingSize: 512,
};

/** The network of this configuration, and how it learns. */
export function released(config: ReleasedConfig): Network {
  const shared = config.duse ? "encoder.duse" : undefined;
  return {
    embeddingSize: config.embeddingSize,
    similarity: "l1",
    training: independentPairs,
    forward: (layers, volumes) =>
      authorsNetwork(layers, volumes, {
        ...config,
        encoderDuse: [shared, shared, undefined],
        decoderDuse: config.duse,
        combine: "max",
      }),
  };
}
