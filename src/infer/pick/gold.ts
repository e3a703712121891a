/** Enough around a centre to hold a bead of 10 nm. */
export const GOLD_REACH_ANGSTROM = 60;
const FACTOR = 3;
const QUANTILE = 0.9;
const DEVIATIONS = 8;

/**
 * What a candidate is gold from on. Gold scatters so much more than protein that its densest voxel stands far above any particle's:
 * above three times what nine tenths of the candidates stay below, and 8 standard deviations. Not the median: where most
 * candidates are noise, it would make gold of every particle.
 * @param highest the densest voxel within reach of each candidate, in standard deviations.
 */
export function goldLimit(highest: Float32Array): number {
  const usual = highest.toSorted()[Math.floor(QUANTILE * highest.length)] ?? 0;
  return Math.max(DEVIATIONS, FACTOR * usual);
}
