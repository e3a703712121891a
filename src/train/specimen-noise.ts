import type { Random } from "../volume/index.js";
import { logUniform } from "./scene.js";
import { STEPS_PER_DEVIATION, type TrainingSpecimen } from "./specimen.js";

/** How much noise there is in a piece of a specimen, beside a noise-free volume of variance 1. */
export interface NoiseLevel {
  /** Standard deviations of noise as the reconstruction leaves it, and of noise of the same power at every frequency. */
  readonly reconstructed: number;
  readonly white: number;
}

/** SNR 0.1 to 10, or no noise at all; lower for noise of the same power at every frequency, half of it where the eye sees it. */
export function drawNoise(random: Random, boxVariance: number): NoiseLevel {
  const deviation = (lowestSnr: number, highestSnr: number): number =>
    Math.sqrt(boxVariance / logUniform(random, lowestSnr, highestSnr));
  const kind = random.next();
  if (kind < 0.08) return { reconstructed: 0, white: 0 };
  if (kind < 0.65) return { reconstructed: deviation(0.1, 10), white: 0 };
  if (kind < 0.88) return { reconstructed: 0, white: deviation(0.01, 1) };
  return { reconstructed: deviation(0.3, 10), white: deviation(0.03, 1) };
}

/** A whole specimen `[nz, ny, nx]` at a signal-to-noise ratio, standardised, in noise of either kind. */
export function noisySpecimen(
  { noiseFree, noise, boxVariance }: TrainingSpecimen,
  options: { readonly snr: number; readonly noise: "reconstructed" | "white"; readonly random: Random },
): Float32Array {
  const deviation = Math.sqrt(boxVariance / options.snr);
  const scale = 1 / Math.sqrt(1 + deviation ** 2);
  const white = new Float64Array(options.noise === "white" ? noiseFree.length : 0);
  options.random.fillNormal(white);
  return Float32Array.from(noiseFree, (value, at) => {
    const added = options.noise === "white" ? white[at] : noise[at] / STEPS_PER_DEVIATION;
    return scale * (value / STEPS_PER_DEVIATION + deviation * added);
  });
}
