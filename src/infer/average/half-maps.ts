import { correlateHalves, type HalfMapCorrelation } from "../../evaluate/index.js";
import type { Random } from "../../volume/index.js";
import { createFourierSum, type FourierSum } from "./fourier-sum.js";

/** What two independent sums of halves of the particles say together. */
export interface HalfMaps {
  /** Of each half alone, not filtered: `[edge, edge, edge]`. */
  readonly halves: readonly [Float32Array, Float32Array];
  /** Of both, filtered by what they have in common (Wiener). */
  readonly volume: Float32Array;
  readonly correlation: HalfMapCorrelation;
  /** By shell, for `FourierSum.volume`: it makes `volume` of the sum of both. */
  readonly noiseToSignal: Float64Array;
}

/** A correlation below this is taken for this: a frequency of which nothing is known is faded a thousandfold, not without bound. */
const SMALLEST_CORRELATION = 1e-3;

/**
 * Joins two half sums, compared within a soft mask. Signal over noise of a half's shell is FSC / (1 - FSC), so the joined volume
 * is weighted by 2 FSC / (1 + FSC) (Rosenthal and Henderson 2003, "Optimal determination of particle orientation, absolute hand,
 * and contrast loss in single-particle electron cryomicroscopy"). The FSC is of the whole box, as the noise is.
 * @throws ShapeError when the sums are not of the same boxes, or the mask is of another edge.
 */
export function joinHalves(
  [one, other]: readonly [FourierSum, FourierSum],
  mask: Float32Array,
  random: Random,
): HalfMaps {
  const halves = [one.volume(), other.volume()] as const;
  const correlation = correlateHalves(halves, mask, one.edge, random);
  const noiseToSignal = noiseToSignalOf(correlation.unmasked.byShell, one.shellWeights(), other.shellWeights());
  const state = one.state();
  const both = createFourierSum(one.edge, { state: { ...state, cells: state.cells.slice() } });
  both.merge(other.state());
  return { halves, volume: both.volume({ noiseToSignal }), correlation, noiseToSignal };
}

/** Noise of a particle over signal: the mean weight of a half over its signal-to-noise ratio. */
function noiseToSignalOf(fsc: Float64Array, one: Float64Array, other: Float64Array): Float64Array {
  return fsc.map((value, shell) => {
    const common = Math.max(SMALLEST_CORRELATION, Math.min(1, value));
    const weight = ((one[shell] ?? 0) + (other[shell] ?? 0)) / 2;
    return (weight * (1 - common)) / common;
  });
}
