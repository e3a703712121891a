import { centreIndex, gaussianFilterInPlace, meanAndDeviation, type Shape3 } from "../../volume/index.js";

/** Blur before the skewness is taken, in voxels of 10 Å: noise is symmetric, density of this size is not. */
const BLUR_VOXELS = 2;

/**
 * Third standardised moment of a region after blurring. Matter is dense and rare in ice: where protein is bright the
 * distribution leans to high values and this is positive, where protein is dark it is negative.
 */
export function blurredSkewness(region: Float32Array, shape: Shape3): number {
  const blurred = region.slice();
  const { mean } = meanAndDeviation(blurred);
  for (let i = 0; i < blurred.length; i++) blurred[i] -= mean;
  gaussianFilterInPlace(blurred, shape, BLUR_VOXELS);
  const after = meanAndDeviation(blurred);
  if (after.deviation === 0) return 0;
  let cubes = 0;
  for (const value of blurred) cubes += ((value - after.mean) / after.deviation) ** 3;
  return cubes / blurred.length;
}

/**
 * How bright boxes are around their centres, in their own standard deviations (mean of all within an eighth of the edge):
 * positive where the examples' protein is bright.
 * @param volumes `[count, edge, edge, edge]`, each zero mean and unit variance.
 */
export function centreBrightness(volumes: Float32Array, edge: number): number {
  const voxels = edge ** 3;
  const centre = centreIndex(edge);
  let [sum, count] = [0, 0];
  for (let z = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++) {
        if (Math.hypot(z - centre, y - centre, x - centre) > edge / 8) continue;
        for (let at = (z * edge + y) * edge + x; at < volumes.length; at += voxels, count++) sum += volumes[at];
      }
  return count > 0 ? sum / count : 0;
}
