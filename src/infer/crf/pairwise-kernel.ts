/**
 * One pairwise term of the energy as what mean field needs of it: the sum over all other voxels. `k` is the symmetrically normalised
 * kernel, so `total` is 1 less a voxel's own share where the kernel does not reach the border.
 */
export interface PairwiseKernel {
  /** `total_i = sum_{j != i} k(i, j)`. */
  readonly total: Float32Array;
  /** `into_i += weight sum_{j != i} k(i, j) values_j` */
  addFiltered(values: Float32Array, weight: number, into: Float32Array): void;
}
