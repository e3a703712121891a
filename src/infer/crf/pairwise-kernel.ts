import { voxelCount } from "../../volume/index.js";
import type { Arena } from "./arena.js";
import { intensityFactors } from "./intensity-factors.js";
import { type PaddedShape, pad, unpad } from "./padded-volume.js";
import { permutohedralLattice } from "./permutohedral.js";
import { spatialFilter } from "./spatial-filter.js";

/** Factors are filtered together up to so many floats: long rows for small volumes, little memory for large ones. */
const SCRATCH_FLOATS = 2 ** 21;

/** One pairwise term of the energy with its weight, the kernel normalised symmetrically; volumes are padded ones in the arena. */
export interface PairwiseKernel {
  /** `target_i += weight sum_j k(i, j) source_j`, j = i included. */
  addFiltered(source: number, target: number): void;
  /** `target_i += weight k(i, i)` */
  addOwnShare(target: number): void;
}

/**
 * The kernel `exp(-|p_i - p_j|^2 / 2 sigma^2 - |I_i - I_j|^2 / 2)`, of place alone without channels. With one channel it is a sum of a
 * dozen products of functions of intensity and Gaussians of place, to within 1 %; more channels take the permutohedral lattice,
 * which is within some per cent.
 * @param channels intensities in units of their own kernel width.
 */
export function pairwiseKernel(
  arena: Arena,
  padded: PaddedShape,
  sigmaVoxels: number,
  weight: number,
  channels: readonly Float32Array[],
): PairwiseKernel {
  return channels.length < 2
    ? factoredKernel(arena, padded, sigmaVoxels, weight, channels[0])
    : latticeKernel(arena, padded, sigmaVoxels, weight, channels);
}

/** The normalisation and the weight go into the factors: `phi_r(i) sqrt(weight / n_i)`. */
function factoredKernel(
  arena: Arena,
  padded: PaddedShape,
  sigmaVoxels: number,
  weight: number,
  channel: Float32Array | undefined,
): PairwiseKernel {
  const { lines, rowLength, length } = padded;
  const nx = padded.shape[2];
  const intensity = channel && intensityFactors(channel);
  const tables = intensity?.tables ?? [undefined];
  const together = Math.max(1, Math.floor(SCRATCH_FLOATS / length));
  const filters = Array.from({ length: Math.ceil(tables.length / together) }, (_, i) => {
    const own = tables.slice(i * together, (i + 1) * together);
    return { own, ...spatialFilter(arena, padded, sigmaVoxels, own.length) };
  });
  const scale = arena.allocate(length);
  const ones = arena.allocate(length);
  const floats = arena.floats();
  floats.fill(1, ones, ones + length);
  floats.fill(0, scale, scale + length);
  const node = new Uint16Array(intensity ? channel.length : 0);
  if (intensity)
    for (let i = 0; i < node.length; i++) node[i] = (channel[i]! - intensity.lowest) / intensity.step + 0.5;
  for (const { own, factors, lineLength } of filters)
    for (const [r, table] of own.entries())
      for (let line = 0, i = 0; line < lines; line++) {
        const at = factors + line * lineLength + r * rowLength;
        if (table) for (let x = 0; x < nx; x++) floats[at + x] = table[node[i++]!]!;
        else floats.fill(1, at, at + nx);
      }
  for (const filter of filters) filter.addFiltered(ones, scale);
  for (let i = scale; i < scale + length; i++) floats[i] = floats[i]! > 0 ? Math.sqrt(weight / floats[i]!) : 0; // padding is 0
  for (const { factors, lineLength } of filters) {
    const end = 4 * (factors + lines * lineLength);
    arena.kernel.expand(4 * factors, end, 4 * scale, 4 * factors, 4 * rowLength, 4 * lineLength);
  }
  return {
    addFiltered(source, target) {
      for (const filter of filters) filter.addFiltered(source, target);
    },
    addOwnShare(target) {
      const floats = arena.floats(); // k(i, i) is 1 before it is normalised
      for (let i = 0; i < length; i++) floats[target + i]! += floats[scale + i]! ** 2;
    },
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
        for (const values of channels) features[at++] = values[i]!;
      }
  const lattice = permutohedralLattice(features, dimensions);
  const root = new Float32Array(count).fill(1); // becomes sqrt(weight / n_i)
  lattice.filterInPlace(root);
  for (let i = 0; i < count; i++) root[i] = Math.sqrt(weight / Math.max(root[i]!, lattice.height));
  const values = new Float32Array(count);
  const result = arena.allocate(padded.length);
  const addPadded = (target: number) => {
    const floats = arena.floats();
    pad(values, floats, result, padded);
    for (let i = 0; i < padded.length; i++) floats[target + i]! += floats[result + i]!;
  };
  return {
    addFiltered(source, target) {
      unpad(arena.floats(), source, values, padded);
      for (let i = 0; i < count; i++) values[i]! *= root[i]!;
      lattice.filterInPlace(values);
      for (let i = 0; i < count; i++) values[i]! *= root[i]!;
      addPadded(target);
    },
    addOwnShare(target) {
      for (let i = 0; i < count; i++) values[i] = lattice.height * root[i]! ** 2;
      addPadded(target);
    },
  };
}
