/**
 * The network as the paper describes it (Zhou et al. 2021, section 2): DuSE with its two branches added, at the end of every
 * level of encoder and decoder; L1 distance, fully connected layer, softmax over the supports of an n-way episode. Where the
 * paper is silent (order of ReLU and norm, how the features reach 512 values, optimiser) the authors' published code decides.
 */
import { authorsNetwork } from "./authors-network.js";
import type { Network } from "./network.js";
import { episodes } from "./training-method.js";

/** The network of the paper, scaled by its channels. */
export interface PaperConfig {
  readonly preset: "paper";
  /** Channels of every level. */
  readonly channels: number;
  /** With `decoder`, the four columns of the paper's Table 1. */
  readonly duse: boolean;
  readonly decoder: boolean;
  readonly embeddingSize: number;
  /** Classes of a training episode; divides the classes of a batch. */
  readonly ways: number;
}

/** As in the paper. */
export const paperDefaults: PaperConfig = {
  preset: "paper",
  channels: 64,
  duse: true,
  decoder: true,
  embeddingSize: 512,
  ways: 2,
};

/** The network of this configuration, and how it learns. */
export function paper(config: PaperConfig): Network {
  const { duse } = config;
  return {
    embeddingSize: config.embeddingSize,
    similarity: "l1",
    training: episodes(config.ways),
    forward: (layers, volumes) =>
      authorsNetwork(layers, volumes, {
        ...config,
        encoderDuse: duse ? ["level1.duse", "level2.duse", "level3.duse"] : [undefined, undefined, undefined],
        decoderDuse: duse,
        combine: "add",
      }),
  };
}
