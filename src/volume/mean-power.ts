/** Power spectra of cubes, averaged. */
import { ShapeError } from "../errors.js";
import { createFft3 } from "./fft/fft3.js";

/**
 * Power spectrum averaged over cubes `[count, n, n, n]`, each without its mean and tapered to its faces, whose steps would
 * spread power along the axes. In the order of `createFft3`.
 * @throws ShapeError when the length is not a multiple of n^3.
 */
export function meanPower(cubes: Float32Array, n: number): Float64Array {
  const voxels = n ** 3;
  if (cubes.length === 0 || cubes.length % voxels !== 0)
    throw new ShapeError(`cubes must be ${n}^3 voxels each: ${cubes.length} values are not a multiple`);
  const fft = createFft3([n, n, n]);
  const spectrum = fft.createSpectrum();
  const taper = Float64Array.from({ length: n }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / n) ** 2);
  const tapered = new Float32Array(voxels);
  const power = new Float64Array(spectrum.length / 2);
  for (let start = 0; start < cubes.length; start += voxels) {
    const cube = cubes.subarray(start, start + voxels);
    const mean = cube.reduce((sum, value) => sum + value, 0) / voxels;
    for (let z = 0, i = 0; z < n; z++)
      for (let y = 0; y < n; y++)
        for (let x = 0; x < n; x++, i++) tapered[i] = (cube[i] - mean) * taper[z] * taper[y] * taper[x];
    fft.forward(tapered, spectrum);
    for (let k = 0; k < power.length; k++) power[k] += spectrum[2 * k] ** 2 + spectrum[2 * k + 1] ** 2;
  }
  return power;
}

/** Mean power of each shell of frequencies, by radius in Fourier pixels, rounded. */
export function shellMeans(power: Float64Array, n: number): Float64Array {
  const sums = new Float64Array(n);
  const counts = new Float64Array(n);
  forEachFrequency(n, (index, _, radius) => {
    sums[Math.round(radius)] += power[index];
    counts[Math.round(radius)]++;
  });
  return sums.map((sum, shell) => (counts[shell] > 0 ? sum / counts[shell] : 0));
}

/** Visits the half spectrum of `createFft3`. */
export function forEachFrequency(
  n: number,
  visit: (index: number, frequency: Readonly<Record<"x" | "y" | "z", number>>, radius: number) => void,
): void {
  const signed = (k: number): number => (k <= n / 2 ? k : k - n);
  const halfWidth = Math.floor(n / 2) + 1;
  for (let z = 0, index = 0; z < n; z++)
    for (let y = 0; y < n; y++)
      for (let x = 0; x < halfWidth; x++, index++) {
        const frequency = { z: signed(z), y: signed(y), x };
        visit(index, frequency, Math.hypot(frequency.z, frequency.y, frequency.x));
      }
}
