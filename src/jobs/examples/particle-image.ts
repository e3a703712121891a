import { meanAndDeviation, type Volume } from "../../volume/index.js";

/** A map's surroundings are empty or filtered; in a box of a tomogram the noise is the same everywhere. */
const NOISY_SURROUNDINGS = 0.35;

/**
 * Whether a volume is the box of one particle as it was measured, rather than a map of it: grey values near the corners, outside
 * the inscribed ball, vary more than a third as much as all of them.
 */
export function looksLikeParticleImage({ shape: [nz, ny, nx], data }: Volume): boolean {
  const surroundings: number[] = [];
  const distance = (index: number, length: number) => (2 * index + 1 - length) / length;
  for (let z = 0, at = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, at++)
        if (Math.hypot(distance(z, nz), distance(y, ny), distance(x, nx)) > 1) surroundings.push(data[at]!);
  const outside = meanAndDeviation(Float32Array.from(surroundings)).deviation;
  return outside > NOISY_SURROUNDINGS * meanAndDeviation(data).deviation;
}
