/** What a microscope does to a spectrum: loops over the frequencies of a plan. */
import type { Random } from "../../volume/index.js";
import type { SpectrumPlan } from "./spectrum-plan.js";

/** `image` = `spectrum` times the radial table where measured, nothing elsewhere. Returns the power of the whole. */
export function applyTransfer(
  spectrum: Float64Array,
  image: Float64Array,
  plan: SpectrumPlan,
  table: Float64Array,
): number {
  const { measured, squared, weight } = plan;
  image.fill(0);
  let power = 0;
  for (let j = 0; j < measured.length; j++) {
    const at = 2 * measured[j];
    const amplitude = table[squared[j]];
    const re = (image[at] = amplitude * spectrum[at]);
    const im = (image[at + 1] = amplitude * spectrum[at + 1]);
    power += weight[j] * (re * re + im * im);
  }
  return power;
}

/**
 * White noise times the radial table, written to the measured frequencies of `spectrum` (the others keep what they
 * held). Frequencies whose mirror image is stored too are drawn once and conjugated. Returns the power of the whole.
 */
export function fillNoise(random: Random, spectrum: Float64Array, plan: SpectrumPlan, table: Float64Array): number {
  const { measured, squared, weight, mirror, deviates } = plan;
  random.fillNormal(deviates);
  let power = 0;
  for (let j = 0; j < measured.length; j++) {
    const index = measured[j];
    const image = mirror[j];
    const amplitude = table[squared[j]];
    let re = amplitude * deviates[2 * j];
    let im = amplitude * deviates[2 * j + 1];
    if (image >= 0 && image < index) {
      re = spectrum[2 * image];
      im = -spectrum[2 * image + 1];
    } else if (image === index) {
      re *= Math.SQRT2; // its own mirror image: real, all the power in one part
      im = 0;
    }
    spectrum[2 * index] = re;
    spectrum[2 * index + 1] = im;
    power += weight[j] * (re * re + im * im);
  }
  return power;
}

/** `image` += `scale` * `spectrum` where measured. Returns the power of the sum. */
export function addScaled(image: Float64Array, spectrum: Float64Array, plan: SpectrumPlan, scale: number): number {
  const { measured, weight } = plan;
  let power = 0;
  for (let j = 0; j < measured.length; j++) {
    const at = 2 * measured[j];
    const re = (image[at] += scale * spectrum[at]);
    const im = (image[at + 1] += scale * spectrum[at + 1]);
    power += weight[j] * (re * re + im * im);
  }
  return power;
}

/** `image` times the radial table where measured. Returns the power of the product. */
export function multiply(
  image: Float64Array,
  { measured, squared, weight }: SpectrumPlan,
  table: Float64Array,
): number {
  let power = 0;
  for (let j = 0; j < measured.length; j++) {
    const at = 2 * measured[j];
    const re = (image[at] *= table[squared[j]]);
    const im = (image[at + 1] *= table[squared[j]]);
    power += weight[j] * (re * re + im * im);
  }
  return power;
}
