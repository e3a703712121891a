import { dice, formatSnr } from "../../evaluate/index.js";
import { averagedMasks, type CrfParameters, type Embedder, insideMask, refineMask } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import type { Complex } from "../../simulate/index.js";
import { createRandom, type Shape3 } from "../../volume/index.js";
import { renderLabelledParticles } from "../benchmark/index.js";

/** A particle whose mask is predicted and known. */
interface CrfSample {
  /** Noise level and complex: `level * complexes + complex`. */
  readonly cell: number;
  /** Mask as the network gives it. */
  readonly plain: Float32Array;
  /** Mean over the four 180° rotations: what is refined. */
  readonly probability: Float32Array;
  readonly volume: Float32Array;
  readonly mask: Uint8Array;
}

/** Particles of some complexes at some noise levels, the n-th of each cell together in `rounds[n]`. */
export interface CrfSamples {
  readonly shape: Shape3;
  readonly voxelSizeAngstrom: number;
  readonly cells: number;
  readonly rounds: readonly (readonly CrfSample[])[];
}

export interface CrfSamplesOptions extends Progress {
  readonly snrs: readonly number[];
  readonly particlesPerClass: number;
  readonly seed: number;
}

/** Renders particles and predicts their masks, once for all trials. @throws AbortError, and as rendering and embedding do. */
export async function crfSamples(
  complexes: readonly Complex[],
  embedder: Embedder,
  { snrs, particlesPerClass, seed, onProgress, signal }: CrfSamplesOptions,
): Promise<CrfSamples> {
  const { edge, voxelSizeAngstrom } = embedder.description;
  const rounds = Array.from({ length: particlesPerClass }, () => [] as CrfSample[]);
  for (const [level, snr] of snrs.entries()) {
    const particles = await renderLabelledParticles(complexes, {
      perClass: particlesPerClass,
      snr,
      random: createRandom(`cosnet crf fit ${seed}`),
      neighbours: complexes,
      imaging: { boxSize: edge, voxelSizeAngstrom },
      stage: `imaging particles at SNR ${formatSnr(snr)}`,
      onProgress,
      signal,
    });
    const stage = `predicting masks at SNR ${formatSnr(snr)}`;
    const total = particles.labels.length;
    const plain = (await embedder.embed(particles.volumes, { signal })).masks!;
    const masks = await averagedMasks(embedder, particles.volumes, plain, {
      signal,
      onProgress: (done) => onProgress?.({ stage, done, total }),
    });
    for (const [index, label] of particles.labels.entries()) {
      const [from, to] = [index * edge ** 3, (index + 1) * edge ** 3];
      rounds[index % particlesPerClass]!.push({
        cell: level * complexes.length + label,
        plain: plain.subarray(from, to),
        probability: masks.subarray(from, to),
        volume: particles.volumes.subarray(from, to),
        mask: particles.masks.subarray(from, to),
      });
    }
  }
  return { shape: [edge, edge, edge], voxelSizeAngstrom, cells: snrs.length * complexes.length, rounds };
}

/** Mean Dice of each cell of the masks as the network gives them, before refinement. */
export function diceBefore({ rounds, cells }: CrfSamples): Float64Array {
  const before = new Float64Array(cells);
  for (const { cell, plain, mask } of rounds.flat()) before[cell]! += dice(insideMask(plain), mask) / rounds.length;
  return before;
}

/**
 * Mean change of Dice of each cell by refinement, averaging included. Undefined, and cheaper, where the first particles of
 * the cells show a mean change below `hopeless`.
 */
export async function diceChange(
  { rounds, cells, shape, voxelSizeAngstrom }: CrfSamples,
  parameters: CrfParameters,
  {
    hopeless = -Infinity,
    signal,
  }: { readonly hopeless?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<Float64Array | undefined> {
  const change = new Float64Array(cells);
  for (const [done, round] of rounds.entries()) {
    if (done === 1 && meanOf(change) * rounds.length < hopeless) return undefined;
    for (const [index, { cell, plain, probability, volume, mask }] of round.entries()) {
      const refined = refineMask(probability, volume, { shape, voxelSizeAngstrom, parameters }).probability;
      change[cell]! += (dice(insideMask(refined), mask) - dice(insideMask(plain), mask)) / rounds.length;
      if (index % 8 === 7) await breathe(signal);
    }
  }
  return change;
}

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
