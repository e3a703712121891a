import { type Shape3, voxelCount } from "../../volume/index.js";
import type { PairwiseKernel } from "./pairwise-kernel.js";

/** Beyond four widths a Gaussian is under 0.0004 of its height. */
const REACH = 4;

/**
 * The kernel of place alone, `exp(-|p_i - p_j|^2 / 2 sigma^2)`, which is a product over the axes and so is its normalisation: three
 * passes of a one-dimensional filter, exact but for the end of its reach.
 */
export function gaussianKernel(shape: Shape3, sigmaVoxels: number): PairwiseKernel {
  const [nz, ny, nx] = shape;
  const count = voxelCount(shape);
  const axes = shape.map((length) => normalisedAxis(length, sigmaVoxels));
  const [z, y, x] = [axes[0]!, axes[1]!, axes[2]!];
  let source = new Float32Array(count);
  let target = new Float32Array(count);

  /** `source` filtered along all axes, without the normalisation, ends in `source`. */
  const filter = () => {
    for (const [axis, stride] of [[x, 1] as const, [y, nx] as const, [z, nx * ny] as const]) {
      if (axis.length === 1) continue;
      filterAxis(source, target, axis, stride);
      [source, target] = [target, source];
    }
  };
  const total = new Float32Array(count);
  const own = new Float32Array(count);
  for (let iz = 0, i = 0; iz < nz; iz++)
    for (let iy = 0; iy < ny; iy++)
      for (let ix = 0; ix < nx; ix++, i++) {
        const root = z.root[iz]! * y.root[iy]! * x.root[ix]!;
        own[i] = root * root;
        total[i] = z.total[iz]! * y.total[iy]! * x.total[ix]! - own[i]!;
      }
  return {
    total,
    addFiltered(values, weight, into) {
      for (let i = 0; i < count; i++) source[i] = values[i]! * Math.sqrt(own[i]!);
      filter();
      for (let i = 0; i < count; i++) into[i]! += weight * (source[i]! * Math.sqrt(own[i]!) - own[i]! * values[i]!);
    },
  };
}

interface Axis {
  readonly length: number;
  /** Half of the symmetric kernel, its centre first. */
  readonly taps: Float64Array;
  /** 1 / sqrt(n_i). */
  readonly root: Float64Array;
  /** sum_j k(i, j) / sqrt(n_i n_j), j = i included. */
  readonly total: Float64Array;
}

function normalisedAxis(length: number, sigma: number): Axis {
  const reach = Math.min(length - 1, Math.ceil(REACH * sigma));
  const taps = Float64Array.from({ length: reach + 1 }, (_, k) => Math.exp(-((k / sigma) ** 2) / 2));
  const sumAt = (i: number, values: (j: number) => number) => {
    let sum = 0;
    for (let j = Math.max(0, i - reach); j <= Math.min(length - 1, i + reach); j++)
      sum += taps[Math.abs(i - j)]! * values(j);
    return sum;
  };
  const root = Float64Array.from({ length }, (_, i) => 1 / Math.sqrt(sumAt(i, () => 1)));
  const total = Float64Array.from({ length }, (_, i) => root[i]! * sumAt(i, (j) => root[j]!));
  return { length, taps, root, total };
}

function filterAxis(source: Float32Array, target: Float32Array, { length, taps }: Axis, stride: number): void {
  const plane = length * stride;
  for (let base = 0; base < source.length; base += plane)
    for (let i = 0; i < length; i++) {
      const row = base + i * stride;
      for (let at = row; at < row + stride; at++) {
        let sum = taps[0]! * source[at]!;
        for (let k = 1; k < taps.length; k++) {
          if (i >= k) sum += taps[k]! * source[at - k * stride]!;
          if (i + k < length) sum += taps[k]! * source[at + k * stride]!;
        }
        target[at] = sum;
      }
    }
}
