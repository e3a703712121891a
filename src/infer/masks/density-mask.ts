/** The surface of a particle by the density of its class average, where masks say only about where it is. */
import { forEachFrequency, gaussianFilterInPlace, meanAndDeviation, solvePositive } from "../../volume/index.js";
import { createSpectrumBox } from "../align/spectrum-box.js";
import { overlap } from "./inside.js";

/** A particle is where its density exceeds this part of the highest, as in the masks that networks are trained on. */
const LEVEL = 0.35;
/** Log odds from the surrounding density to the highest: 8 and 16 do nearly as well. */
const STEEPNESS = 12;
/** Bands of spatial frequency end here, as part of the box's sampling: finer ones hold next to nothing of a mask. */
const FINEST = 0.4;
/** Around the mask, blurred by so many voxels and taken where it is above the part. */
const [REACH_VOXELS, REACH_LEVEL] = [2, 0.05] as const;
/** Surroundings are where the mask's probability is below this. */
const SURROUNDINGS = 0.02;
/** Of each band's power: bands that say little of the mask stay out. */
const RIDGE = 0.01;
/** Dice coefficient with the mask: densities that disagree with it more are not what is seen of the particle. */
const LEAST_AGREEMENT = 0.75;

/**
 * Log odds of "inside" by the density of a class average that lies as the mask's log odds `[edge, edge, edge]` do. The density is the
 * sum of the average's bands of spatial frequency that is nearest to the mask's probabilities, by least squares: what imaging took from
 * each band, or reversed, is given back without being known, and a dozen gains hold little of what the mask has wrong. Undefined where
 * that density does not look like the mask.
 */
export function densityMask(average: Float32Array, logOdds: Float32Array, edge: number): Float32Array | undefined {
  const probability = logOdds.map((value) => 1 / (1 + Math.exp(-value)));
  const blurred = probability.slice();
  gaussianFilterInPlace(blurred, [edge, edge, edge], REACH_VOXELS);
  const near = [...blurred.keys()].filter((i) => blurred[i] > REACH_LEVEL);
  const around = near.filter((i) => probability[i] < SURROUNDINGS);
  if (around.length === 0) return undefined;
  const density = restored(average, probability, near, edge);
  const { mean: outside } = meanAndDeviation(Float32Array.from(around, (i) => density[i]));
  const range = near.reduce((most, i) => Math.max(most, density[i]), outside) - outside;
  if (!(range > 0)) return undefined;
  const lowest = logOdds.reduce((least, value) => Math.min(least, value), 0);
  const mask = new Float32Array(logOdds.length).fill(lowest);
  for (const i of near)
    mask[i] = Math.min(-lowest, Math.max(lowest, STEEPNESS * ((density[i] - outside) / range - LEVEL)));
  return overlap(mask, logOdds) < LEAST_AGREEMENT ? undefined : mask;
}

/** The sum of bands that is nearest to the probabilities at the given voxels. */
function restored(
  average: Float32Array,
  probability: Float32Array,
  voxels: readonly number[],
  edge: number,
): Float32Array {
  const bands = [...bandsOf(average, edge), new Float32Array(average.length).fill(1)];
  const products = (one: Float32Array, other: Float32Array) => voxels.reduce((sum, i) => sum + one[i] * other[i], 0);
  const matrix = bands.map((one) => bands.map((other) => products(one, other)));
  for (let k = 0; k < bands.length - 1; k++) matrix[k][k] = matrix[k][k] * (1 + RIDGE) || 1; // a band may be empty
  const gains = solvePositive(
    matrix,
    bands.map((band) => products(band, probability)),
  );
  return average.map((_, i) => bands.reduce((sum, band, k) => sum + gains[k] * band[i], 0));
}

/** A volume by spatial frequency: shares of its shells that rise and fall linearly from one Fourier pixel to the next, the mean left out. */
function bandsOf(volume: Float32Array, edge: number): Float32Array[] {
  const transform = createSpectrumBox(edge);
  const spectrum = transform.spectrumOf(volume);
  const radius = new Float64Array(spectrum.length / 2);
  forEachFrequency(edge, (index, _, distance) => {
    radius[index] = distance;
  });
  return Array.from({ length: Math.round(FINEST * edge) }, (_, k) =>
    transform.boxOf(spectrum.map((value, i) => value * Math.max(0, 1 - Math.abs(radius[i >> 1] - (k + 1))))),
  );
}
