import { ShapeError } from "../../../errors.js";
import { centreIndex } from "../../../volume/index.js";
import type { Frequencies } from "../../align/frequencies.js";
import { createSpectrumBox, type SpectrumBox } from "../../align/spectrum-box.js";
import type { Subtomogram } from "../../align/subtomogram.js";

/** The low frequencies of one particle. */
export interface BandParticle {
  /** `[2, frequencies]`: real parts, then imaginary ones. */
  readonly spectrum: Float32Array;
  /** `[frequencies]`. */
  readonly weights: Float32Array;
}

/** The low frequencies of many particles, what is around each faded out: kilobytes a particle. */
export interface ParticleBand {
  readonly frequencies: Frequencies;
  readonly count: number;
  readonly powers: ParticlePowers;
  /** These particles, in this order; good until the next are read. @throws what the rows' store throws. */
  read(rows: readonly number[]): Promise<readonly BandParticle[]>;
}

/** Of particles, shell by shell: sums over particles and frequencies of |spectrum|^2, weight and weight^2. */
export interface ParticlePowers {
  readonly power: Float64Array;
  readonly weight: Float64Array;
  readonly squaredWeight: Float64Array;
  /** Mean weight of what was measured. */
  readonly meanWeight: Float64Array;
}

/** Where rows of equally many numbers wait until they are wanted: in memory, or on a disk where they are many. */
export interface RowStore {
  /** How many there are, those of an earlier run included. */
  readonly count: number;
  /** Takes a copy, as the last row. */
  append(row: Float32Array): Promise<void>;
  /** These rows, in this order; good until the next are read. */
  read(rows: readonly number[]): Promise<readonly Float32Array[]>;
}

/** Rows in memory. */
function rowsInMemory(): RowStore {
  const all: Float32Array[] = [];
  return {
    get count() {
      return all.length;
    },
    append: async (row) => void all.push(row.slice()),
    read: async (rows) => rows.map((row) => all[row]),
  };
}

/** What a band is made of. */
interface BandSource {
  readonly frequencies: Frequencies;
  /** `[edge, edge, edge]`, of the frequencies' own edge: fades out what is around a particle; a larger box is cut to that edge. */
  readonly mask: Float32Array;
  readonly count: number;
  /** A particle that the store does not have yet. */
  readonly read: (index: number) => Subtomogram | Promise<Subtomogram>;
  readonly store?: RowStore | undefined;
}

/** How many numbers the store of a band has of a particle. */
export const bandRowLength = ({ count }: Frequencies): number => 3 * count;

/** Particles that are read at a time where all are gone through. */
export const ROWS_AT_ONCE = 16;

/**
 * Takes the low frequencies of particles, from the first on that the store does not have.
 * @throws ShapeError when a particle's box is smaller than the frequencies' edge; what reading and the store throw.
 */
export async function readParticleBand({
  frequencies,
  mask,
  count,
  read,
  store = rowsInMemory(),
}: BandSource): Promise<ParticleBand> {
  const cut = createBandCutter(frequencies, mask);
  for (let index = store.count; index < count; index++) await store.append(cut(await read(index)));
  const length = 2 * frequencies.count;
  const particles = {
    ...{ frequencies, count },
    async read(rows: readonly number[]) {
      const found = await store.read(rows);
      return found.map((row) => ({ spectrum: row.subarray(0, length), weights: row.subarray(length) }));
    },
  };
  return { ...particles, powers: await particlePowers(particles) };
}

/** Sums over the particles' shells. */
async function particlePowers(band: Omit<ParticleBand, "powers">): Promise<ParticlePowers> {
  const { frequencies, count } = band;
  const { shell, shellEnd, count: length } = frequencies;
  const [power, weight, squaredWeight, measured] = [0, 0, 0, 0].map(() => new Float64Array(shellEnd.length));
  for (let first = 0; first < count; first += ROWS_AT_ONCE) {
    const rows = Array.from({ length: Math.min(ROWS_AT_ONCE, count - first) }, (_, i) => first + i);
    for (const { spectrum, weights } of await band.read(rows))
      for (let k = 0; k < length; k++) {
        const [real, imaginary] = [spectrum[k], spectrum[length + k]];
        const own = weights[k];
        power[shell[k]] += real * real + imaginary * imaginary;
        weight[shell[k]] += own;
        squaredWeight[shell[k]] += own * own;
        if (own > 0) measured[shell[k]]++;
      }
  }
  const meanWeight = weight.map((sum, s) => sum / Math.max(measured[s], 1));
  return { power, weight, squaredWeight, meanWeight };
}

/** The row of a particle: real parts, imaginary parts, weights. It is the same each time, overwritten. */
function createBandCutter(frequencies: Frequencies, mask: Float32Array) {
  const { edge, count: length, at } = frequencies;
  const row = new Float32Array(bandRowLength(frequencies));
  const small = createSpectrumBox(edge);
  let large: SpectrumBox | undefined;
  return function cut(particle: Subtomogram): Float32Array {
    if (particle.edge < edge)
      throw new ShapeError(`boxes of ${edge}^3 voxels are averaged, and a particle has ${particle.edge}^3`);
    if (large?.edge !== particle.edge) large = createSpectrumBox(particle.edge);
    const spectrum = small.spectrumOf(middle(large.boxOf(particle.spectrum), particle.edge, mask));
    for (let k = 0; k < length; k++) {
      const weight = weightAt(particle, frequencies, k);
      row[k] = weight === 0 ? 0 : spectrum[2 * at[k]];
      row[length + k] = weight === 0 ? 0 : spectrum[2 * at[k] + 1];
      row[2 * length + k] = weight;
    }
    return row;
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
