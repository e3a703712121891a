import { voxelCount } from "../../../volume/index.js";
import type { Arena } from "../kernel/arena.js";
import { appearanceFilter } from "./appearance-filter.js";
import { intensityFactors } from "./intensity-factors.js";
import { type PaddedShape, pad, unpad } from "./padded-volume.js";
import { permutohedralLattice } from "./permutohedral.js";
import { type AddFiltered, spatialFilter } from "./spatial-filter.js";

/** One pairwise term of the energy with its weight, the kernel normalised symmetrically; volumes are padded ones in the arena. */
export interface PairwiseKernel {
  /** `target_i += weight sum_j k(i, j) source_j`, j = i included. */
  addFiltered(source: number, target: number): void;
  /** `target_i += weight k(i, i)` */
  addDiagonal(target: number): void;
}

/**
 * The kernel `exp(-|p_i - p_j|^2 / 2 sigma^2 - |I_i - I_j|^2 / 2)`, of position alone without channels. Otherwise it is a sum of products of
 * functions of intensity and Gaussians of position, to within 2 %: a dozen with one channel, up to a hundred with several. Where there
 * would be more of them the permutohedral lattice takes over, which is accurate to a few per cent.
 * @param channels intensities in units of their own kernel width.
 */
export function pairwiseKernel(
  arena: Arena,
  padded: PaddedShape,
  sigmaVoxels: number,
  weight: number,
  channels: readonly Float32Array[],
): PairwiseKernel {
  if (channels.length === 0)
    return filterKernel(arena, padded, weight, (scale) => spatialFilter(arena, padded, sigmaVoxels, scale));
  const factors = intensityFactors(channels);
  if (factors)
    return filterKernel(arena, padded, weight, (scale) => appearanceFilter(arena, padded, sigmaVoxels, factors, scale));
  return latticeKernel(arena, padded, sigmaVoxels, weight, channels);
}

/** @param filterWith a filter whose both sides are multiplied with the volume at this index. */
function filterKernel(
  arena: Arena,
  padded: PaddedShape,
  weight: number,
  filterWith: (scale: number) => AddFiltered,
): PairwiseKernel {
  const { lines, rowLength, length } = padded;
  const nx = padded.shape[2];
  const scale = arena.allocate(length); // becomes sqrt(weight / n_i), where n_i is what filtering ones gives
  const norm = arena.allocate(length);
  const addFiltered = filterWith(scale);
  const floats = arena.floats();
  floats.fill(0, scale, scale + length);
  for (let line = 0, at = scale; line < lines; line++, at += rowLength) floats.fill(1, at, at + nx);
  floats.fill(0, norm, norm + length);
  addFiltered(scale, norm);
  for (let i = 0; i < length; i++) floats[scale + i] = floats[norm + i] > 0 ? Math.sqrt(weight / floats[norm + i]) : 0; // padding is 0
  return {
    addFiltered,
    addDiagonal: (target) => arena.kernel.addProduct(4 * target, 4 * (target + length), 4 * scale, 4 * scale), // k(i, i) is 1
  };
}

function latticeKernel(
  arena: Arena,
  padded: PaddedShape,
  sigmaVoxels: number,
  weight: number,
  channels: readonly Float32Array[],
): PairwiseKernel {
  const { shape } = padded;
  const [nz, ny, nx] = shape;
  const count = voxelCount(shape);
  const dimensions = 3 + channels.length;
  const features = new Float32Array(count * dimensions);
  for (let z = 0, i = 0, at = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        features[at++] = z / sigmaVoxels;
        features[at++] = y / sigmaVoxels;
        features[at++] = x / sigmaVoxels;
        for (const values of channels) features[at++] = values[i];
      }
  const lattice = permutohedralLattice(features, dimensions);
  const root = new Float32Array(count).fill(1); // becomes sqrt(weight / n_i)
  lattice.filterInPlace(root);
  for (let i = 0; i < count; i++) root[i] = Math.sqrt(weight / Math.max(root[i], lattice.diagonal[i]));
  const values = new Float32Array(count);
  const result = arena.allocate(padded.length);
  const addPadded = (target: number) => {
    const floats = arena.floats();
    pad(values, floats, result, padded);
    for (let i = 0; i < padded.length; i++) floats[target + i] += floats[result + i];
  };
  return {
    addFiltered(source, target) {
      unpad(arena.floats(), source, values, padded);
      for (let i = 0; i < count; i++) values[i] *= root[i];
      lattice.filterInPlace(values);
      for (let i = 0; i < count; i++) values[i] *= root[i];
      addPadded(target);
    },
    addDiagonal(target) {
      for (let i = 0; i < count; i++) values[i] = lattice.diagonal[i] * root[i] ** 2;
      addPadded(target);
    },
  };
}
