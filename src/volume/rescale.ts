import { ConfigError } from "../errors.js";
import { centreIndex, createVolume, type Shape3, type Volume } from "./volume.js";

/**
 * The volume on a grid of another voxel size and, if given, another box, with the box centres (index floor(n / 2)) on
 * the same point and grey values kept. Frequencies that both grids can hold are reproduced exactly, those above the new
 * Nyquist limit are removed: this is Fourier cropping or padding, evaluated at any ratio. The default box is the
 * smallest that holds the old one, rounded to the nearest voxel; what lies outside the old box is filled with its mean.
 *
 * Each axis is one matrix of band-limited interpolation weights (the Dirichlet kernel), so a volume of edge n costs
 * about n^3 m multiplications for the new edge m: meant for boxes, up to a few hundred voxels.
 * @throws ConfigError when a voxel size is not positive.
 */
export function rescaleFourier(
  volume: Volume,
  { voxelSizeAngstrom, shape }: { readonly voxelSizeAngstrom: number; readonly shape?: Shape3 },
): Volume {
  const ratio = voxelSizeAngstrom / volume.voxelSizeAngstrom;
  if (!(ratio > 0 && Number.isFinite(ratio)))
    throw new ConfigError(`cannot rescale from ${volume.voxelSizeAngstrom} to ${voxelSizeAngstrom} Å voxels`, {
      hint: "Give the true voxel size in Ångström.",
    });
  const [nz, ny, nx] = volume.shape;
  const target: Shape3 = shape ?? [boxFor(nz, ratio), boxFor(ny, ratio), boxFor(nx, ratio)];
  const [mz, my, mx] = target;
  let mean = 0;
  for (let i = 0; i < volume.data.length; i++) mean += volume.data[i] / volume.data.length;
  const centred = Float64Array.from(volume.data, (value) => value - mean); // so that zero stands for "outside"
  const alongX = interpolateAxis(centred, { outer: nz * ny, from: nx, inner: 1, to: mx }, ratio);
  const alongY = interpolateAxis(alongX, { outer: nz, from: ny, inner: mx, to: my }, ratio);
  const alongZ = interpolateAxis(alongY, { outer: 1, from: nz, inner: my * mx, to: mz }, ratio);
  return createVolume(
    target,
    voxelSizeAngstrom,
    Float32Array.from(alongZ, (value) => value + mean),
  );
}

function boxFor(length: number, ratio: number): number {
  return Math.max(1, Math.round(length / ratio));
}

interface AxisLayout {
  readonly outer: number;
  readonly from: number;
  readonly inner: number;
  readonly to: number;
}

function interpolateAxis(source: Float64Array, { outer, from, inner, to }: AxisLayout, ratio: number): Float64Array {
  if (from === to && ratio === 1) return source;
  const weights = interpolationWeights(from, to, ratio);
  const result = new Float64Array(outer * to * inner);
  for (let o = 0; o < outer; o++)
    for (let j = 0; j < to; j++) {
      const out = (o * to + j) * inner;
      for (let k = 0; k < from; k++) {
        const weight = weights[j * from + k];
        if (weight === 0) continue;
        const at = (o * from + k) * inner;
        for (let i = 0; i < inner; i++) result[out + i] += weight * source[at + i];
      }
    }
  return result;
}

/**
 * Row j holds the weights of the old samples k at new position t = floor(n/2) + (j - floor(m/2)) ratio:
 * `D(t - k) = (1 + 2 sum_{f=1..F} cos(2 pi f (t - k) / n)) / n`, F the highest frequency that both grids hold. A
 * Nyquist frequency, old or new, is shared with its mirror image and counts once. Positions outside the old box have no weights.
 */
function interpolationWeights(from: number, to: number, ratio: number): Float64Array {
  const limit = Math.min(from / 2, from / (2 * ratio));
  const highest = Math.floor(limit + 1e-9);
  // The boxes' edges lie half a voxel beyond their last centres, and grids of unlike parity are half a voxel apart.
  const beyond = (1 + Math.max(1, ratio)) / 2 - 1e-6;
  const weights = new Float64Array(to * from);
  for (let j = 0; j < to; j++) {
    const position = centreIndex(from) + (j - centreIndex(to)) * ratio;
    if (position < -beyond || position > from - 1 + beyond) continue;
    for (let k = 0; k < from; k++) {
      let sum = 1;
      for (let f = 1; f <= highest; f++)
        sum += (Math.abs(f - limit) < 1e-9 ? 1 : 2) * Math.cos((2 * Math.PI * f * (position - k)) / from);
      weights[j * from + k] = sum / from;
    }
  }
  return weights;
}
