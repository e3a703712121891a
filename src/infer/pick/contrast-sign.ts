import {
  centreIndex,
  gaussianFilterInPlace,
  meanAndDeviation,
  median,
  robustDeviation,
  type Shape3,
} from "../../volume/index.js";

/** Blur before the skewness is taken, in voxels of 10 Å: noise is symmetric, density of this size is not. */
const BLUR_VOXELS = 2;
/** Blurred values further from the median, in robust deviations, count as this: gold must not outweigh all protein. */
const CLIP_DEVIATIONS = 5;

/**
 * Third standardised moment of a region after blurring and clipping. Matter is dense and rare in ice: where protein is bright
 * the distribution leans to high values and this is positive, where protein is dark it is negative.
 */
export function blurredSkewness(region: Float32Array, shape: Shape3): number {
  const { mean } = meanAndDeviation(region);
  const blurred = region.map((value) => value - mean);
  gaussianFilterInPlace(blurred, shape, BLUR_VOXELS);
  clipInPlace(blurred);
  const after = meanAndDeviation(blurred);
  if (after.deviation === 0) return 0;
  let cubes = 0;
  for (const value of blurred) cubes += ((value - after.mean) / after.deviation) ** 3;
  return cubes / blurred.length;
}

function clipInPlace(values: Float32Array): void {
  const middle = median(values);
  const reach = CLIP_DEVIATIONS * robustDeviation(values, middle);
  if (reach === 0) return;
  for (let i = 0; i < values.length; i++) values[i] = Math.max(middle - reach, Math.min(middle + reach, values[i]));
}

/** Fractions of the edge: nearer to the centre is inside a particle of typical size, further away is outside. */
const INSIDE = 3 / 16;
const OUTSIDE = [3 / 8, 1 / 2] as const;

/**
 * How bright the protein of each box is: the mean around the centre less that of a shell around the particle, plus the skewness
 * of the box, which tells the sign of hollow particles as well. Positive where protein is bright, about 0 for noise.
 * @param volumes `[count, edge, edge, edge]`, each zero mean and unit variance.
 */
export function proteinBrightness(volumes: Float32Array, edge: number): number[] {
  const voxels = edge ** 3;
  const weights = centreWeights(edge);
  return Array.from({ length: volumes.length / voxels }, (_, index) => {
    const box = volumes.subarray(index * voxels, (index + 1) * voxels);
    let centre = 0;
    for (let i = 0; i < voxels; i++) centre += weights[i] * box[i];
    return centre + blurredSkewness(box, [edge, edge, edge]);
  });
}

/** Weights whose sum with a box is its mean inside a particle less its mean outside. */
function centreWeights(edge: number): Float64Array {
  const weights = new Float64Array(edge ** 3);
  const centre = centreIndex(edge);
  let [inside, outside] = [0, 0];
  for (let z = 0, i = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++, i++) {
        const radius = Math.hypot(z - centre, y - centre, x - centre) / edge;
        if (radius < INSIDE) [weights[i], inside] = [1, inside + 1];
        else if (radius >= OUTSIDE[0] && radius < OUTSIDE[1]) [weights[i], outside] = [-1, outside + 1];
      }
  return weights.map((weight) => (weight > 0 ? weight / inside : weight / outside));
}
