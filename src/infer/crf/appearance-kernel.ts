import { type Shape3, voxelCount } from "../../volume/index.js";
import { gaussianKernel } from "./gaussian-kernel.js";
import type { PairwiseKernel } from "./pairwise-kernel.js";
import { permutohedralLattice } from "./permutohedral.js";

/**
 * The kernel `exp(-|p_i - p_j|^2 / 2 sigma^2 - |I_i - I_j|^2 / 2)` on the permutohedral lattice.
 * @param channels intensities in units of their own kernel width; with none the kernel is one of place alone and exact.
 */
export function appearanceKernel(
  shape: Shape3,
  sigmaVoxels: number,
  channels: readonly Float32Array[],
): PairwiseKernel {
  if (channels.length === 0) return gaussianKernel(shape, sigmaVoxels);
  const count = voxelCount(shape);
  const lattice = permutohedralLattice(featuresOf(shape, sigmaVoxels, channels), 3 + channels.length);
  // n_i, with the lattice's own kernel; root is 1 / sqrt(n_i)
  const root = new Float32Array(count).fill(1);
  lattice.filterInPlace(root);
  for (let i = 0; i < count; i++) root[i] = 1 / Math.sqrt(Math.max(root[i]!, lattice.height));
  const work = new Float32Array(count);
  const addFiltered: PairwiseKernel["addFiltered"] = (values, weight, into) => {
    for (let i = 0; i < count; i++) work[i] = values[i]! * root[i]!;
    lattice.filterInPlace(work);
    const own = lattice.height;
    for (let i = 0; i < count; i++) into[i]! += weight * root[i]! * (work[i]! - own * values[i]! * root[i]!);
  };
  const total = new Float32Array(count);
  addFiltered(new Float32Array(count).fill(1), 1, total);
  return { total, addFiltered };
}

function featuresOf([nz, ny, nx]: Shape3, sigmaVoxels: number, channels: readonly Float32Array[]): Float32Array {
  const dimensions = 3 + channels.length;
  const features = new Float32Array(nz * ny * nx * dimensions);
  for (let z = 0, i = 0, at = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        features[at++] = z / sigmaVoxels;
        features[at++] = y / sigmaVoxels;
        features[at++] = x / sigmaVoxels;
        for (const values of channels) features[at++] = values[i]!;
      }
  return features;
}
