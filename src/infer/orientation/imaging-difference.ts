import { band } from "./band.js";
import { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";

/**
 * How differently two sets of boxes were imaged: standard deviation, over the shells of equal frequency, of the logarithm of
 * the ratio of their mean powers. Of particles imaged alike 0.1 (a dozen boxes) to 0.5 (two boxes); of real ribosomes
 * and simulated ones 0.9. Infinite where a set is empty.
 */
export function imagingDifference(some: Spectra, others: Spectra): number {
  const [first, second] = [logPower(some), logPower(others)];
  const ratios = first.map((value, shell) => value - (second[shell] ?? 0)).filter((_, shell) => shell > 0);
  if (ratios.some((ratio) => !Number.isFinite(ratio))) return Number.POSITIVE_INFINITY;
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  return Math.sqrt(ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / ratios.length);
}

/** Logarithm of the mean power of each shell. */
function logPower(spectra: Spectra): number[] {
  return shellPower(spectra).map(Math.log);
}

/** Mean power of each shell, zero frequency first; 0 without boxes. */
export function shellPower(spectra: Spectra): number[] {
  const shells = 1 + band.shell.reduce((largest, shell) => Math.max(largest, shell), 0);
  const power = new Array<number>(shells).fill(0);
  const counts = new Array<number>(shells).fill(0);
  for (let at = 0; at < spectra.length; at++) {
    const shell = band.shell[(at % SPECTRUM_LENGTH) % band.count];
    power[shell] += spectra[at] ** 2;
    counts[shell]++;
  }
  return power.map((sum, shell) => (counts[shell] > 0 ? sum / counts[shell] : 0));
}
