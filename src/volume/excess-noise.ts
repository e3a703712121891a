/**
 * Noise at fine detail beyond what a detector lets through. Reconstructions differ most there: detectors damp it, weighted
 * back-projection and sharpening raise it, and a particle of 100 Å has little power there.
 */
import { createFft3 } from "./fft/fft3.js";
import { forEachFrequency, meanPower, shellMeans } from "./mean-power.js";

/** Amplitude that a detector passes: exp(-(f / 0.3)^2), f in cycles per voxel, as in the simulator that trained the network. */
const detectorTransfer = (frequency: number): number => Math.exp(-((frequency / 0.3) ** 2));

/** Where the level is taken, cycles per voxel: coarser than the noise in question, finer than most of the particles' power. */
const LEVEL_BAND = [0.1, 0.2] as const;

/** A filter that would remove less than this fraction of the variance is left out: the networks tolerate some noise. */
const WORTHWHILE = 0.5;

/**
 * What to multiply amplitudes by, by radius in Fourier pixels of n^3 cubes, so that none stands above what a detector passes
 * at the level found at 0.1 to 0.2 cycles per voxel; never above 1. Undefined when there is nothing to remove.
 * @param cubes `[count, n, n, n]` of one tomogram or data set.
 * @throws ShapeError when the length is not a multiple of n^3.
 */
export function excessNoiseFilter(cubes: Float32Array, n: number): Float64Array | undefined {
  const power = meanPower(cubes, n);
  const amplitudes = shellMeans(power, n).map(Math.sqrt);
  let level = 0;
  for (let radius = Math.ceil(LEVEL_BAND[0] * n); radius <= LEVEL_BAND[1] * n; radius++)
    level = Math.max(level, amplitudes[radius] / detectorTransfer(radius / n));
  const filter = amplitudes.map((amplitude, radius) =>
    amplitude > 0 ? Math.min(1, (level * detectorTransfer(radius / n)) / amplitude) : 1,
  );
  let [all, kept] = [0, 0];
  forEachFrequency(n, (index, { x }, radius) => {
    const weight = x === 0 || 2 * x === n ? 1 : 2; // the other half of the spectrum is not stored
    all += weight * power[index];
    kept += weight * power[index] * filter[Math.round(radius)] ** 2;
  });
  return kept < (1 - WORTHWHILE) * all ? filter : undefined;
}

/** Applies a filter of `excessNoiseFilter` (made from cubes of `filterEdge`) to cubes `[count, n, n, n]`; returns copies. */
export function filterCubes(cubes: Float32Array, n: number, filter: Float64Array, filterEdge: number): Float32Array {
  const fft = createFft3([n, n, n]);
  const spectrum = fft.createSpectrum();
  const factors = new Float64Array(spectrum.length / 2);
  forEachFrequency(n, (index, _, radius) => {
    factors[index] = filter[Math.min(filter.length - 1, Math.round((radius * filterEdge) / n))];
  });
  const filtered = new Float32Array(cubes.length);
  for (let start = 0; start < cubes.length; start += n ** 3) {
    fft.forward(cubes.subarray(start, start + n ** 3), spectrum);
    for (let k = 0; k < factors.length; k++) {
      spectrum[2 * k] *= factors[k];
      spectrum[2 * k + 1] *= factors[k];
    }
    fft.inverse(spectrum, filtered.subarray(start, start + n ** 3));
  }
  return filtered;
}
