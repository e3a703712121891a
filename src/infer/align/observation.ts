import { sphereMask } from "../average/sphere-mask.js";
import type { Frequencies } from "./frequencies.js";
import type { SpectrumBox } from "./spectrum-box.js";
import type { Subtomogram } from "./subtomogram.js";

/** A particle at the frequencies of a band, every shell brought to power 1. */
export interface Observation {
  readonly frequencies: Frequencies;
  /** `[count, 2]`, real and imaginary part. */
  readonly values: Float64Array;
  /** `[count]`: how much of it was measured, mean 1 over what was measured of a shell; 0 where nothing was. */
  readonly weights: Float64Array;
  /** `[count]`: squared value over weight, mean 1; 0 where nothing was measured. */
  readonly powers: Float64Array;
}

/** Over how many voxels what is around a particle fades out. */
export const FADE_VOXELS = 4;
/** What the mask lets leak from measured frequencies into hardly measured ones, as a weight. */
const LEAKED = 0.25;

/**
 * A particle as alignment compares it: what is farther from its centre than `radiusVoxels` fades out over 4 voxels, which takes neighbours and
 * noise off, and each shell is divided by the root of its mean power.
 */
export function observe(
  { spectrum, weight }: Subtomogram,
  frequencies: Frequencies,
  transform: SpectrumBox,
  { radiusVoxels }: { readonly radiusVoxels: number },
): Observation {
  const { edge, count, at, shell, shellEnd } = frequencies;
  const box = transform.boxOf(spectrum);
  const mask = sphereMask(edge, radiusVoxels, FADE_VOXELS);
  for (let i = 0; i < box.length; i++) box[i] *= mask[i];
  const masked = transform.spectrumOf(box);
  const values = new Float64Array(2 * count);
  const weights = new Float64Array(count);
  const powers = new Float64Array(count);
  const shells = shellEnd.length;
  const measured = new Float64Array(shells);
  const [weightSum, squareSum, powerSum] = [0, 1, 2].map(() => new Float64Array(shells));
  for (let k = 0; k < count; k++) {
    const own = weight[at[k]];
    if (own === 0) continue;
    weights[k] = own;
    values[2 * k] = masked[2 * at[k]];
    values[2 * k + 1] = masked[2 * at[k] + 1];
    measured[shell[k]]++;
    weightSum[shell[k]] += own;
    squareSum[shell[k]] += values[2 * k] ** 2 + values[2 * k + 1] ** 2;
  }
  for (let k = 0; k < count; k++) {
    const s = shell[k];
    if (weights[k] === 0) continue;
    weights[k] *= measured[s] / weightSum[s];
    const scale = squareSum[s] > 0 ? Math.sqrt(measured[s] / squareSum[s]) : 0;
    values[2 * k] *= scale;
    values[2 * k + 1] *= scale;
    powers[k] = (values[2 * k] ** 2 + values[2 * k + 1] ** 2) / (weights[k] + LEAKED);
    powerSum[s] += powers[k];
  }
  for (let k = 0; k < count; k++) if (weights[k] !== 0) powers[k] *= measured[shell[k]] / (powerSum[shell[k]] || 1);
  return { frequencies, values, weights, powers };
}
