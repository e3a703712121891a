import { type Shape3, voxelCount } from "../../volume/index.js";
import type { PairwiseKernel } from "./pairwise-kernel.js";

/**
 * The kernel `exp(-|p_i - p_j|^2 / 2 sigma^2 - |I_i - I_j|^2 / 2)`, summed pair by pair: the oracle of the fast ones, for volumes of
 * up to some thousand voxels (time and memory grow with the square of their number).
 * @param channels intensities in units of their own kernel width; none for a kernel of place alone.
 */
export function exactKernel(shape: Shape3, sigmaVoxels: number, channels: readonly Float32Array[]): PairwiseKernel {
  const [, ny, nx] = shape;
  const count = voxelCount(shape);
  const features = Array.from({ length: count }, (_, i) => [
    Math.floor(i / (nx * ny)) / sigmaVoxels,
    (Math.floor(i / nx) % ny) / sigmaVoxels,
    (i % nx) / sigmaVoxels,
    ...channels.map((values) => values[i]!),
  ]);
  const kernel = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++) {
      let squares = 0;
      for (let k = 0; k < features[i]!.length; k++) squares += (features[i]![k]! - features[j]![k]!) ** 2;
      kernel[i * count + j] = Math.exp(-squares / 2);
    }
  const norm = Float64Array.from({ length: count }, (_, i) =>
    kernel.subarray(i * count, (i + 1) * count).reduce((sum, value) => sum + value, 0),
  );
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++)
      kernel[i * count + j] = i === j ? 0 : kernel[i * count + j]! / Math.sqrt(norm[i]! * norm[j]!);
  const addFiltered: PairwiseKernel["addFiltered"] = (values, weight, into) => {
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let j = 0; j < count; j++) sum += kernel[i * count + j]! * values[j]!;
      into[i]! += weight * sum;
    }
  };
  const total = new Float32Array(count);
  addFiltered(new Float32Array(count).fill(1), 1, total);
  return { total, addFiltered };
}
