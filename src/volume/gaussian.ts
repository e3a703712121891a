import type { Shape3 } from "./volume.js";

/** The right half of a Gaussian kernel of `sigmaVoxels`, normalised to sum 1, cut where it falls below 1e-3 of its peak. */
export function gaussianKernel(sigmaVoxels: number): Float64Array {
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
  const source = new Float64Array(Math.max(nz, ny, nx));
  blurAxis(data, source, kernel, { length: nx, stride: 1, lines: nz * ny, lineStride: nx, block: nz * ny });
  blurAxis(data, source, kernel, { length: ny, stride: nx, lines: nz * nx, lineStride: 1, block: nx, jump: nx * ny });
  blurAxis(data, source, kernel, { length: nz, stride: nx * ny, lines: ny * nx, lineStride: 1, block: ny * nx });
}

/** `block` lines lie `lineStride` apart; after each block the start moves on by `jump`. */
interface AxisLayout {
  readonly length: number;
  readonly stride: number;
  readonly lines: number;
  readonly lineStride: number;
  readonly block: number;
  readonly jump?: number;
}

function blurAxis(data: Float32Array, source: Float64Array, kernel: Float64Array, layout: AxisLayout): void {
  const { length, stride, lines, lineStride, block, jump = 0 } = layout;
  const reach = kernel.length - 1;
  for (let line = 0; line < lines; line++) {
    const start = Math.floor(line / block) * jump + (line % block) * lineStride;
    let empty = true;
    for (let i = 0, at = start; i < length; i++, at += stride) if ((source[i] = data[at]!) !== 0) empty = false;
    if (empty) continue;
    for (let i = 0, at = start; i < length; i++, at += stride) {
      let sum = kernel[0]! * source[i]!;
      for (let k = 1; k <= reach; k++) {
        if (i >= k) sum += kernel[k]! * source[i - k]!;
        if (i + k < length) sum += kernel[k]! * source[i + k]!;
      }
      data[at] = sum;
    }
  }
}
