/** Boxes given the power in each shell that all are compared at. */
import { band } from "./band.js";
import { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";

/** Values of a profile are rounded to so many steps an octave: a few boxes more or less then change none of them. */
const PROFILE_STEPS = 16;

/**
 * The amplitude that every box is given in each shell: the fourth root of the mean power, that of the lowest shell 1. So shells count
 * half of the way between as they are and all alike.
 */
export function shellProfile(spectra: Spectra): number[] {
  const power = shellPower(spectra);
  const lowest = power.find((value, shell) => shell > 0 && value > 0) ?? 1;
  return power.map((value) =>
    value > 0 ? 2 ** (Math.round((PROFILE_STEPS / 4) * Math.log2(value / lowest)) / PROFILE_STEPS) : 0,
  );
}

/** Mean power of each shell, zero frequency first. */
function shellPower(spectra: Spectra): number[] {
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

/** Gives boxes, at the frequencies that were measured, the power of each shell that a profile states. */
export function createReshaper(frequencies: readonly number[], profile: readonly number[]) {
  const counts = new Float64Array(profile.length);
  for (const k of frequencies) counts[band.shell[k]]++;
  return (spectrum: Spectra): Float32Array => {
    const power = new Float64Array(profile.length);
    for (const k of frequencies) power[band.shell[k]] += spectrum[k] ** 2 + spectrum[band.count + k] ** 2;
    const factors = power.map((sum, shell) => (sum > 0 ? profile[shell] / Math.sqrt(sum / counts[shell]) : 0));
    const shaped = new Float32Array(SPECTRUM_LENGTH);
    for (let k = 0; k < band.count; k++) {
      shaped[k] = spectrum[k] * factors[band.shell[k]];
      shaped[band.count + k] = spectrum[band.count + k] * factors[band.shell[k]];
    }
    return shaped;
  };
}
