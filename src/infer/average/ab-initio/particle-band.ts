import { ShapeError } from "../../../errors.js";
import { centreIndex } from "../../../volume/index.js";
import type { Frequencies } from "../../align/frequencies.js";
import { createSpectrumBox, type SpectrumBox } from "../../align/spectrum-box.js";
import type { Subtomogram } from "../../align/subtomogram.js";

/** The low frequencies of many particles, what is around each faded out: kilobytes a particle. */
export interface ParticleBand {
  readonly frequencies: Frequencies;
  readonly count: number;
  /** `[count, 2, frequencies]`: real parts, then imaginary ones. */
  readonly spectra: Float32Array;
  /** `[count, frequencies]`. */
  readonly weights: Float32Array;
}

/**
 * Takes the low frequencies of particles as they come. `mask` `[edge, edge, edge]`, of the frequencies' own edge, fades out what
 * is around a particle; a larger box is cut to that edge.
 * @throws ShapeError (from `add`) when a particle's box is smaller than the frequencies' edge, or more come than `count`.
 */
export function createParticleBand(frequencies: Frequencies, mask: Float32Array, count: number) {
  const { edge, count: length } = frequencies;
  const spectra = new Float32Array(count * 2 * length);
  const weights = new Float32Array(count * length);
  const small = createSpectrumBox(edge);
  let large: SpectrumBox | undefined;
  let added = 0;
  return {
    band: { frequencies, count, spectra, weights } satisfies ParticleBand,
    add(particle: Subtomogram): void {
      if (particle.edge < edge)
        throw new ShapeError(`boxes of ${edge}^3 voxels are averaged, and a particle has ${particle.edge}^3`);
      if (added === count) throw new ShapeError(`${count} particles were announced, and one more came`);
      if (large?.edge !== particle.edge) large = createSpectrumBox(particle.edge);
      const spectrum = small.spectrumOf(middle(large.boxOf(particle.spectrum), particle.edge, mask));
      const row = added++;
      for (let k = 0; k < length; k++) {
        const weight = weightAt(particle, frequencies, k);
        if (weight === 0) continue;
        weights[row * length + k] = weight;
        spectra[2 * row * length + k] = spectrum[2 * frequencies.at[k]];
        spectra[(2 * row + 1) * length + k] = spectrum[2 * frequencies.at[k] + 1];
      }
    },
  };
}

/** The middle of a box, as large as the mask and times it. */
function middle(box: Float32Array, edge: number, mask: Float32Array): Float32Array {
  const small = Math.round(Math.cbrt(mask.length));
  const first = centreIndex(edge) - centreIndex(small);
  const part = new Float32Array(mask.length);
  for (let z = 0, at = 0; z < small; z++)
    for (let y = 0; y < small; y++) {
      const row = ((first + z) * edge + first + y) * edge + first;
      for (let x = 0; x < small; x++, at++) part[at] = mask[at] * box[row + x];
    }
  return part;
}

/** The weight at a frequency of another box, linear between Fourier pixels of the particle's own. */
function weightAt({ edge, weight }: Subtomogram, other: Frequencies, k: number): number {
  if (edge === other.edge) return weight[other.at[k]];
  const halfWidth = Math.floor(edge / 2) + 1;
  const scale = edge / other.edge;
  const [px, py, pz] = [scale * other.x[k], scale * other.y[k], scale * other.z[k]];
  const [ix, iy, iz] = [Math.floor(px), Math.floor(py), Math.floor(pz)];
  const wrapped = (frequency: number): number => (frequency < 0 ? frequency + edge : frequency);
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const [cx, cy, cz] = [ix + (corner & 1), iy + ((corner >> 1) & 1), iz + (corner >> 2)];
    const nearness = (1 - Math.abs(px - cx)) * (1 - Math.abs(py - cy)) * (1 - Math.abs(pz - cz));
    if (nearness > 0) sum += nearness * weight[(wrapped(cz) * edge + wrapped(cy)) * halfWidth + cx];
  }
  return sum;
}
