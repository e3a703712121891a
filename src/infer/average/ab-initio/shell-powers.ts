import type { Frequencies } from "../../align/frequencies.js";
import { createSpectrumBox } from "../../align/spectrum-box.js";
import type { ParticlePowers } from "./particle-band.js";
import type { Reference } from "./reference.js";

/** What signal and noise are taken for, shell by shell: powers of a frequency that is fully measured. */
export interface ShellPowers {
  /** Noise of a box that nothing was cut from. */
  readonly noise: Float32Array;
  /** Of each reference. */
  readonly signal: readonly Float32Array[];
}

/** The noise is never less than this fraction of all that is in a shell. */
const SMALLEST_NOISE = 0.05;
/** The signal is divided by no less than this fraction that particles determine of it. */
const SMALLEST_DETERMINED = 0.02;
/** In one iteration the signal falls to no less than this fraction: it might come back. */
const LARGEST_FALL = 1e-6;
const TINY = 1e-30;

/** Half of what is there taken for signal, half for noise. `left` is the fraction of white noise's power within the mask. */
export function firstPowers(
  { power, weight, squaredWeight }: ParticlePowers,
  left: number,
  references: number,
): ShellPowers {
  const signal = Float32Array.from(power, (sum, shell) => (0.5 * sum) / Math.max(squaredWeight[shell], TINY));
  return {
    noise: Float32Array.from(power, (sum, shell) => (0.5 * sum) / Math.max(left * weight[shell], TINY)),
    signal: Array.from({ length: references }, () => signal),
  };
}

/**
 * The signal by MacKay's fixed point of the evidence (1992, "Bayesian interpolation"): the power of what is expected over the
 * fraction of it that particles determine. Shells above `shell`, which were not looked at, are given that of the last.
 */
export function updatedSignal(
  reference: Reference,
  frequencies: Frequencies,
  before: Float32Array,
  shell: number,
): Float32Array {
  const [power, variance] = [volumePower(reference.volume, frequencies), meanByShell(reference.variance, frequencies)];
  const updated = Float32Array.from(before, (old, s) => {
    const determined = Math.max(SMALLEST_DETERMINED, 1 - variance[s] / Math.max(old, TINY));
    return Math.max(power[s] / determined, LARGEST_FALL * old);
  });
  return updated.fill(updated[shell], shell + 1);
}

/** The noise as what the signal leaves, each reference's by its fraction of the particles: together they are what is there. */
export function updatedNoise(
  { power, weight, squaredWeight }: ParticlePowers,
  left: number,
  signal: readonly Float32Array[],
  fractions: readonly number[],
): Float32Array {
  return Float32Array.from(power, (sum, shell) => {
    const explained = signal.reduce((total, one, i) => total + fractions[i] * one[shell], 0);
    const rest = Math.max(sum - squaredWeight[shell] * explained, SMALLEST_NOISE * sum);
    return Math.max(rest / Math.max(left * weight[shell], TINY), TINY);
  });
}

/** Mean power of a volume's spectrum by shell. */
function volumePower(volume: Float32Array, frequencies: Frequencies): Float64Array {
  const spectrum = createSpectrumBox(frequencies.edge).spectrumOf(volume);
  const power = Float32Array.from(
    { length: spectrum.length / 2 },
    (_, at) => spectrum[2 * at] ** 2 + spectrum[2 * at + 1] ** 2,
  );
  return meanByShell(power, frequencies);
}

/** Means over shells of values of a half spectrum. */
function meanByShell(values: Float32Array, { at, shell, shellEnd }: Frequencies): Float64Array {
  const sums = new Float64Array(shellEnd.length);
  for (let k = 0; k < at.length; k++) sums[shell[k]] += values[at[k]];
  return sums.map((sum, s) => (s > 0 ? sum / (shellEnd[s] - shellEnd[s - 1]) : 0));
}
