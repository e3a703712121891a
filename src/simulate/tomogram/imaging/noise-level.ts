import { ConfigError } from "../../../errors.js";
import { centreIndex, type Shape3, type Vector3 } from "../../../volume/index.js";

/** Cubes of `size` voxels around `centres` (voxel indices, not necessarily whole); those that do not fit inside are left out. */
export interface MeasuredBoxes {
  readonly centres: readonly Vector3[];
  readonly size: number;
}

/**
 * The variance of a field: of the whole, or with `boxes` the mean of the variances within each box.
 * @throws ConfigError when no box lies inside.
 */
export function fieldVariance(data: Float32Array, shape: Shape3, boxes?: MeasuredBoxes): number {
  const variances = boxVariances(data, shape, boxes);
  return variances.reduce((sum, variance) => sum + variance, 0) / variances.length;
}

/**
 * The variance of a field: of the whole, or with `boxes` the median of the variances within each box, which is what a
 * signal-to-noise ratio is made of: a few boxes that are unlike the others do not change it.
 * @throws ConfigError when no box lies inside.
 */
export function medianVariance(data: Float32Array, shape: Shape3, boxes?: MeasuredBoxes): number {
  const variances = boxVariances(data, shape, boxes).sort((one, other) => one - other);
  const half = variances.length >> 1;
  return variances.length % 2 === 1 ? variances[half] : (variances[half - 1] + variances[half]) / 2;
}

function boxVariances(data: Float32Array, shape: Shape3, boxes: MeasuredBoxes | undefined): number[] {
  const [nz, ny, nx] = shape;
  if (!boxes) return [boxVariance(data, shape, [0, 0, 0], shape)];
  const { size } = boxes;
  const variances: number[] = [];
  for (const { x, y, z } of boxes.centres) {
    const corner: Shape3 = [Math.round(z), Math.round(y), Math.round(x)].map((c) => c - centreIndex(size)) as never;
    if (corner.some((start, axis) => start < 0 || start + size > [nz, ny, nx][axis])) continue;
    variances.push(boxVariance(data, shape, corner, [size, size, size]));
  }
  if (variances.length === 0)
    throw new ConfigError(
      `none of ${boxes.centres.length} boxes of ${size}^3 voxels lies inside [${shape.join(", ")}]`,
      {
        hint: "Give smaller boxes or a larger tomogram.",
      },
    );
  return variances;
}

function boxVariance(
  data: Float32Array,
  [, ny, nx]: Shape3,
  [z0, y0, x0]: Shape3,
  [depth, height, width]: Shape3,
): number {
  let [sum, squares] = [0, 0];
  // Sums of deviations from one of the values: no digits are lost when the mean is far from zero.
  const origin = data[(z0 * ny + y0) * nx + x0];
  for (let z = z0; z < z0 + depth; z++)
    for (let y = y0; y < y0 + height; y++) {
      const end = (z * ny + y) * nx + x0 + width;
      let [rowSum, rowSquares] = [0, 0];
      for (let at = end - width; at < end; at++) {
        const value = data[at] - origin;
        rowSum += value;
        rowSquares += value * value;
      }
      sum += rowSum;
      squares += rowSquares;
    }
  const count = depth * height * width;
  return squares / count - (sum / count) ** 2;
}

/**
 * The factor that brings a noise field to the requested signal-to-noise ratio, var(signal) / var(factor x noise). Both are
 * reconstructions of the same geometry, of the noise-free images and of noise alone; as reconstruction is linear, the same
 * factor on the noise images gives the same tomogram. For counts, `1 / factor^2` is the dose factor to draw them at.
 * @throws ConfigError when the ratio is impossible or one of the fields is empty.
 */
export function noiseFactor(signalVariance: number, noiseVariance: number, snr: number): number {
  if (!(snr > 0))
    throw new ConfigError(`a signal-to-noise ratio of ${snr} is impossible`, { hint: "Give more than 0." });
  if (snr === Infinity) return 0;
  if (!(signalVariance > 0 && noiseVariance > 0))
    throw new ConfigError(
      `a signal-to-noise ratio needs signal and noise, got variances ${signalVariance} and ${noiseVariance}`,
      {
        hint: "Put particles into the specimen, or ask for no noise (infinity).",
      },
    );
  return Math.sqrt(signalVariance / (snr * noiseVariance));
}

/** `into = signal + factor x noise`; `into` may be one of them. */
export function addScaled(signal: Float32Array, noise: Float32Array, factor: number, into: Float32Array): void {
  for (let i = 0; i < into.length; i++) into[i] = signal[i] + factor * noise[i];
}
