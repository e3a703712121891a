import type { Matrix3 } from "../../../volume/index.js";
import type { Frequencies } from "../../align/frequencies.js";
import { createReferenceField, type ReferenceField, sampleField } from "../../align/reference-field.js";
import { CELL_FLOATS, fourierGrid, mirrorCell, PADDING } from "../fourier-grid.js";
import type { FourierSumCells } from "../fourier-sum.js";

/** An average on its way: what is expected, and how uncertain that is. Plain data. */
export interface Reference {
  /** `[edge, edge, edge]`. */
  readonly volume: Float32Array;
  /** `[edge, edge, floor(edge / 2) + 1]`: variance of the spectrum, ordered as `Fft3` orders it. */
  readonly variance: Float32Array;
}

/** The field of a reference to the given shell; its third channel is the variance. */
export function fieldOf({ volume, variance }: Reference, { edge }: Frequencies, shell: number): ReferenceField {
  const field = createReferenceField(volume, edge, { largestFrequency: shell + 1 });
  const { reach, cells } = field;
  const halfWidth = Math.floor(edge / 2) + 1;
  const wrap = (k: number): number => ((k % edge) + edge) % edge;
  const read = (x: number, y: number, z: number): number =>
    variance[(wrap(z) * edge + wrap(y)) * halfWidth + Math.min(x, halfWidth - 1)];
  for (let z = -reach, at = 2; z <= reach; z++)
    for (let y = -reach; y <= reach; y++)
      for (let x = 0; x <= reach; x++, at += 4) {
        let sum = 0;
        for (let corner = 0; corner < 8; corner++)
          sum += read(
            corner & 1 ? Math.ceil(x / PADDING) : Math.floor(x / PADDING),
            corner & 2 ? Math.ceil(y / PADDING) : Math.floor(y / PADDING),
            corner & 4 ? Math.ceil(z / PADDING) : Math.floor(z / PADDING),
          );
        cells[at] = sum / 8;
      }
  return field;
}

/** What turned references are compared with, `[count]` each: of the noise its power, of particles how much of a frequency is measured on average. */
export interface Imaging {
  readonly noise: Float32Array;
  readonly weights: Float32Array;
}

/**
 * Fills `spectra` `[rotations, 2 * count]` and `factors` `[rotations, 3 * count]` with what `encodeExpectation` takes of the field
 * after each rotation at the first `count` frequencies. A particle of weight w is `w R + sqrt(w) noise`, where R has expectation m
 * and variance v: over noise of power n alone its log-likelihood is
 * `p (2 Re conj(x) m - w |m|^2) + (1 / n - p) |x|^2 / w - log(1 + w v / n)` with `p = 1 / (n + w v)`. In p and the
 * logarithm w is taken for its mean.
 */
export function turnField(
  field: ReferenceField,
  { x, y, z }: Frequencies,
  rotations: readonly Matrix3[],
  { noise, weights }: Imaging,
  { spectra, factors }: { readonly spectra: Float32Array; readonly factors: Float32Array },
): void {
  const count = noise.length;
  const sample = new Float64Array(3);
  for (const [r, [a, b, c, d, e, f, g, h, i]] of rotations.entries())
    for (let k = 0, at = 2 * r * count, own = 3 * r * count; k < count; k++, at++, own++) {
      const [kx, ky, kz] = [x[k], y[k], z[k]];
      sampleField(field, a * kx + d * ky + g * kz, b * kx + e * ky + h * kz, c * kx + f * ky + i * kz, sample);
      const [real, imaginary, variance] = sample;
      const uncertain = (weights[k] * variance) / noise[k];
      const precision = 1 / (noise[k] * (1 + uncertain));
      spectra[at] = 2 * precision * real;
      spectra[at + count] = 2 * precision * imaginary;
      factors[own] = -precision * (real * real + imaginary * imaginary);
      factors[own + count] = 1 / noise[k] - precision;
      factors[own + 2 * count] = -Math.log1p(uncertain);
    }
}

/**
 * Weights that a Fourier sum has gathered at the frequencies of the box itself, `[edge, edge, floor(edge / 2) + 1]`: each takes
 * what lies within a Fourier pixel of it, by nearness.
 */
export function gatheredWeights({ edge, radius, cells }: FourierSumCells): Float32Array {
  const grid = fourierGrid(edge, radius);
  const { reach, width, depth } = grid;
  const halfWidth = Math.floor(edge / 2) + 1;
  const weights = new Float32Array(edge * edge * halfWidth);
  const read = (x: number, y: number, z: number): number => {
    if (x < 0) [x, y, z] = [-x, -y, -z];
    if (x > reach || Math.abs(y) > reach || Math.abs(z) > reach) return 0;
    const own = cells[CELL_FLOATS * (((z + reach) * width + y + reach) * depth + x) + 2];
    return x === 0 ? own + cells[CELL_FLOATS * mirrorCell(grid, y, z) + 2] : own;
  };
  const largest = Math.ceil(radius) - 1;
  for (let z = -largest; z <= largest; z++)
    for (let y = -largest; y <= largest; y++)
      for (let x = 0; x <= largest; x++) {
        let sum = 0;
        for (let dz = -1; dz <= 1; dz++)
          for (let dy = -1; dy <= 1; dy++)
            for (let dx = -1; dx <= 1; dx++)
              sum +=
                0.5 ** (Math.abs(dx) + Math.abs(dy) + Math.abs(dz)) *
                read(PADDING * x + dx, PADDING * y + dy, PADDING * z + dz);
        weights[((z < 0 ? z + edge : z) * edge + (y < 0 ? y + edge : y)) * halfWidth + x] = sum;
      }
  return weights;
}
