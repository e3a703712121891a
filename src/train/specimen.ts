/** What networks learn from beside single particles: simulated specimens reconstructed without noise, and noise alone of the same geometry. */
import { medianVariance, type Specimen } from "../simulate/index.js";
import { gaussianFilterInPlace, meanAndDeviation, type Shape3 } from "../volume/index.js";

/** Steps of `noiseFree` and `noise` in a standard deviation: 16 bits hold 32 deviations, gold beyond them is cut off. */
export const STEPS_PER_DEVIATION = 1000;

/** Gaussian filters that patches are drawn with, as standard deviations in voxels. */
export const BLUR_SIGMAS_VOXELS = [0, 0.6, 0.9, 1.3, 1.8] as const;

/**
 * Reconstruction is linear: a piece at any signal-to-noise ratio is the noise-free piece plus a multiple of the noise, which
 * may be cut at another position. Both have zero mean and unit variance, in steps of 1/1000.
 */
export interface TrainingSpecimen {
  readonly shape: Shape3;
  readonly noiseFree: Int16Array;
  readonly noise: Int16Array;
  /** k inside the k-th particle of `centres`, from 1; 0 in water, membranes, filaments and gold. */
  readonly instances: Uint16Array;
  /** x, y, z from the centre of voxel (0, 0, 0), and the radius of a sphere of the particle's volume: voxels, four a particle. */
  readonly centres: Float32Array;
  /** Class of each particle, from 0. */
  readonly classes: Uint16Array;
  /** Of the noise-free volume with all that is in it: the median over boxes of 32 voxels around particles. */
  readonly boxVariance: number;
  /** Variances after each filter of `BLUR_SIGMAS_VOXELS`. */
  readonly blurred: { readonly noiseFree: readonly number[]; readonly noise: readonly number[] };
}

const BOX_VOXELS = 32;

/** `noiseFree` and `noise`: reconstructions of the specimen's images and of noise alone, `[nz, ny, nx]`. Both are changed. */
export function trainingSpecimen(specimen: Specimen, noiseFree: Float32Array, noise: Float32Array): TrainingSpecimen {
  const { shape, instanceLabels, particles } = specimen;
  standardise(noiseFree);
  standardise(noise);
  const inVoxels = (angstrom: number): number => angstrom / specimen.voxelSizeAngstrom;
  const centres = particles.map(({ positionAngstrom: { x, y, z } }) => {
    return { x: inVoxels(x), y: inVoxels(y), z: inVoxels(z) };
  });
  const numbers = new Map(particles.map(({ instance }, i) => [instance, i + 1]));
  const instances = Uint16Array.from(instanceLabels, (label) => numbers.get(label) ?? 0);
  const radii = instanceRadii(instances, particles.length);
  return {
    shape,
    noiseFree: toSteps(noiseFree),
    noise: toSteps(noise),
    instances,
    centres: Float32Array.from(centres.flatMap(({ x, y, z }, i) => [x, y, z, radii[i]])),
    classes: Uint16Array.from(particles, ({ complexIndex }) => complexIndex),
    boxVariance: medianVariance(noiseFree, shape, measurable(centres, shape)),
    blurred: { noiseFree: blurredVariances(noiseFree, shape), noise: blurredVariances(noise, shape) },
  };
}

/** Boxes around particles where there are any that fit, else the whole volume. */
function measurable(centres: readonly { x: number; y: number; z: number }[], shape: Shape3) {
  const fits = (value: number, length: number): boolean =>
    Math.round(value) >= BOX_VOXELS / 2 && Math.round(value) <= length - BOX_VOXELS / 2;
  const inside = centres.filter(({ x, y, z }) => fits(x, shape[2]) && fits(y, shape[1]) && fits(z, shape[0]));
  return inside.length > 0 ? { centres: inside, size: BOX_VOXELS } : undefined;
}

/** Radius, in voxels, of a sphere of as many voxels as each particle's label has. */
function instanceRadii(instances: Uint16Array, count: number): Float64Array {
  const voxels = new Float64Array(count + 1);
  for (const instance of instances) voxels[instance]++;
  return voxels.subarray(1).map((volume) => Math.cbrt((3 * volume) / (4 * Math.PI)));
}

/** Zero mean and unit variance of all but outliers: values beyond five deviations count as five. */
function standardise(values: Float32Array): void {
  let { mean, deviation } = meanAndDeviation(values);
  for (let pass = 0; pass < 2; pass++) {
    const [low, high] = [mean - 5 * deviation, mean + 5 * deviation];
    ({ mean, deviation } = meanAndDeviation(values.map((value) => Math.min(high, Math.max(low, value)))));
  }
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - mean) / deviation;
}

function toSteps(values: Float32Array): Int16Array {
  return Int16Array.from(values, (value) => Math.max(-32767, Math.min(32767, Math.round(value * STEPS_PER_DEVIATION))));
}

/** Variance, outliers cut off as before, after each of the filters. */
function blurredVariances(values: Float32Array, shape: Shape3): number[] {
  return BLUR_SIGMAS_VOXELS.map((sigma) => {
    if (sigma === 0) return 1;
    const blurred = values.map((value) => Math.min(5, Math.max(-5, value)));
    gaussianFilterInPlace(blurred, shape, sigma);
    return meanAndDeviation(blurred).deviation ** 2;
  });
}
