import type { Tensor } from "../graph/index.js";
import type { Layers } from "./parameters.js";

/** What a network makes of a batch of subtomograms `[N, 32, 32, 32]` (zero mean, unit variance, protein positive). */
export interface NetworkOutput {
  /** What classes are compared by: `[N, E]`. */
  readonly embedding: Tensor;
  /** Log-odds that a voxel belongs to the particle, as 2x2x2 cells: `[N * 16, 8, 16, 16]`; absent without a decoder. */
  readonly maskLogits?: Tensor;
}

/** How two embeddings are compared. `cosine`: their scalar product. `l1`: a fully connected layer on |a - b|. */
export type Similarity = "cosine" | "l1";

export interface Network {
  readonly embeddingSize: number;
  readonly similarity: Similarity;
  /** `volumes` is `[N, 32, 32, 32]`. */
  forward(layers: Layers, volumes: Tensor): NetworkOutput;
}
