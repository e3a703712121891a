import type { Shape3 } from "./volume.js";

/** The right half of a Gaussian kernel of `sigmaVoxels`, normalised to sum 1, cut where it falls below 1e-3 of its peak. */
function gaussianKernel(sigmaVoxels: number): Float64Array {
  const reach = Math.max(1, Math.ceil(sigmaVoxels * 3.7));
  const kernel = Float64Array.from({ length: reach + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigmaVoxels ** 2)));
  const sum = kernel.reduce((total, value, i) => total + (i === 0 ? value : 2 * value), 0);
  return kernel.map((value) => value / sum);
}

/** Blurs in place by a Gaussian of `sigmaVoxels`, one axis after the other; outside the volume there is nothing. */
export function gaussianFilterInPlace(data: Float32Array, shape: Shape3, sigmaVoxels: number): void {
  if (sigmaVoxels <= 0) return;
  const [nz, ny, nx] = shape;
  const kernel = gaussianKernel(sigmaVoxels);
  const source = new Float64Array(Math.max(nz, ny, nx) + 2 * kernel.length); // a line with a margin of zeros at both ends
  blurAxis(data, source, kernel, { length: nx, stride: 1 });
  blurAxis(data, source, kernel, { length: ny, stride: nx });
  blurAxis(data, source, kernel, { length: nz, stride: nx * ny });
}

/** Blurs all lines of one axis, whose neighbouring voxels lie `stride` apart. */
function blurAxis(
  data: Float32Array,
  source: Float64Array,
  kernel: Float64Array,
  { length, stride }: { readonly length: number; readonly stride: number },
): void {
  const reach = kernel.length - 1;
  for (let line = 0; line < data.length / length; line++) {
    const start = Math.floor(line / stride) * stride * length + (line % stride);
    let first = length;
    let last = -1;
    for (let i = 0, at = start; i < length; i++, at += stride) {
      const value = data[at];
      source[i + reach] = value;
      if (value !== 0) {
        if (last < 0) first = i;
        last = i;
      }
    }
    if (last < 0) continue;
    source.fill(0, 0, reach);
    source.fill(0, length + reach, length + 2 * reach);
    const end = Math.min(length - 1, last + reach); // beyond the reach of any density there is nothing to change
    for (let i = Math.max(0, first - reach); i <= end; i++) {
      let sum = kernel[0] * source[i + reach];
      for (let k = 1; k <= reach; k++) sum += kernel[k] * (source[i + reach - k] + source[i + reach + k]);
      data[start + i * stride] = sum;
    }
  }
}
