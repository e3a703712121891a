import type { Tensor } from "../graph/index.js";
import type { Layers } from "./parameters.js";
import type { TrainingMethod } from "./training-method.js";

/** What a network makes of a batch of subtomograms `[N, 32, 32, 32]` (zero mean, unit variance, protein positive). */
export interface NetworkOutput {
  /** What classes are compared by: `[N, E]`. */
  readonly embedding: Tensor;
  /**
   * Log-odds that a voxel belongs to the particle, as slices of cells of c^3 voxels (see `spaceToDepth`), at whatever c the
   * network ends with: `[N * 32 / c, c^3, 32 / c, 32 / c]`; absent without a decoder.
   */
  readonly maskLogits?: Tensor;
}

/** How two embeddings are compared. `cosine`: their scalar product. `l1`: a fully connected layer on |a - b|. */
export type Similarity = "cosine" | "l1";

/** A network: its forward pass over `Layers`, and how its embeddings are compared and trained. */
export interface Network {
  readonly embeddingSize: number;
  readonly similarity: Similarity;
  /** How it learns: losses and optimiser. */
  readonly training: TrainingMethod;
  /** `volumes` is `[N, 32, 32, 32]`. */
  forward(layers: Layers, volumes: Tensor): NetworkOutput;
}
