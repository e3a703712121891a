import type { Vector3 } from "../../volume/index.js";
import type { Frequencies } from "./frequencies.js";
import { softSphere } from "./soft-sphere.js";
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

/**
 * A particle as alignment compares it: what is farther from its centre than `radiusVoxels` fades out over 4 voxels, which takes neighbours and
 * noise off, and each shell is divided by the root of its mean power.
 */
export function observe(
  { spectrum, weight }: Subtomogram,
  frequencies: Frequencies,
  transform: SpectrumBox,
  { radiusVoxels, centre }: { readonly radiusVoxels: number; readonly centre?: Vector3 },
): Observation {
  const { edge, count, at, shell, shellEnd } = frequencies;
  const box = transform.boxOf(spectrum);
  const mask = softSphere(edge, radiusVoxels, centre);
  for (let i = 0; i < box.length; i++) box[i] *= mask[i];
  const masked = transform.spectrumOf(box);
  const values = new Float64Array(2 * count);
  const weights = new Float64Array(count);
  const powers = new Float64Array(count);
  const shells = shellEnd.length;
  const [weightSum, powerSum, measured] = [0, 1, 2].map(() => new Float64Array(shells));
  for (let k = 0; k < count; k++) {
    const own = weight[at[k]];
    if (own === 0) continue;
    weightSum[shell[k]] += own;
    measured[shell[k]]++;
  }
  for (let k = 0; k < count; k++) {
    if (weight[at[k]] === 0) continue;
    weights[k] = (weight[at[k]] * measured[shell[k]]) / weightSum[shell[k]];
    values[2 * k] = masked[2 * at[k]];
    values[2 * k + 1] = masked[2 * at[k] + 1];
    powers[k] = (values[2 * k] ** 2 + values[2 * k + 1] ** 2) / weights[k];
    powerSum[shell[k]] += powers[k];
  }
  const scales = powerSum.map((sum, s) => (sum > 0 ? Math.sqrt(measured[s] / sum) : 0));
  for (let k = 0; k < count; k++) {
    values[2 * k] *= scales[shell[k]];
    values[2 * k + 1] *= scales[shell[k]];
    powers[k] *= scales[shell[k]] ** 2;
  }
  return { frequencies, values, weights, powers };
}
