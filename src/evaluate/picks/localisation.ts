import type { Vector3 } from "../../volume/index.js";
import type { PickMatch } from "./match.js";
import type { PickedParticle, TrueParticle } from "./particles.js";

/** Distances of matched picks to their particles, and whether they lie to one side of them. */
export interface LocalisationError {
  readonly matched: number;
  readonly meanAngstrom: number;
  readonly medianAngstrom: number;
  readonly percentile95Angstrom: number;
  /** Mean of position of the pick minus position of its particle; NaN without matches. */
  readonly meanOffsetAngstrom: Vector3;
  /** Standard error of each component of that mean; NaN for fewer than two matches. */
  readonly offsetErrorAngstrom: Vector3;
  /**
   * The mean offset is longer than 1 Å and would be so by chance in less than one list of a thousand: the two lists do not
   * count from the same origin, or not in the same voxels.
   */
  readonly isShifted: boolean;
}

/** Exceeded by the sum of three squared standard normal deviates once in a thousand times. */
const CHI_SQUARE_3_AT_THOUSANDTH = 16.27;
const FEWEST_FOR_SHIFT = 10;
const LEAST_SHIFT_ANGSTROM = 1;

/** Of all matched picks, whatever their class. */
export function localisationError(
  picks: readonly PickedParticle[],
  truths: readonly TrueParticle[],
  { truthOfPick, distanceAngstrom }: PickMatch,
): LocalisationError {
  const sorted = distanceAngstrom.filter(Number.isFinite).sort();
  const at = (fraction: number) => sorted[Math.round(fraction * (sorted.length - 1))] ?? Number.NaN;
  const offsets = { x: momentsOf("x"), y: momentsOf("y"), z: momentsOf("z") };
  const [meanOffsetAngstrom, offsetErrorAngstrom] = (["mean", "error"] as const).map((of) => ({
    x: offsets.x[of],
    y: offsets.y[of],
    z: offsets.z[of],
  })) as [Vector3, Vector3];
  const { x, y, z } = meanOffsetAngstrom;
  const surprise = Object.values(offsets).reduce((sum, { mean, error }) => sum + (mean / error) ** 2, 0);
  return {
    matched: sorted.length,
    meanAngstrom: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    medianAngstrom: at(0.5),
    percentile95Angstrom: at(0.95),
    meanOffsetAngstrom,
    offsetErrorAngstrom,
    isShifted:
      sorted.length >= FEWEST_FOR_SHIFT &&
      Math.hypot(x, y, z) > LEAST_SHIFT_ANGSTROM &&
      !(surprise <= CHI_SQUARE_3_AT_THOUSANDTH), // a shift without any spread is one, too: then this is infinite or NaN
  };

  function momentsOf(axis: keyof Vector3) {
    let [sum, squares] = [0, 0];
    for (const [pick, truth] of truthOfPick.entries())
      if (truth >= 0) sum += picks[pick].positionAngstrom[axis] - truths[truth].positionAngstrom[axis];
    const mean = sum / sorted.length;
    for (const [pick, truth] of truthOfPick.entries())
      if (truth >= 0)
        squares += (picks[pick].positionAngstrom[axis] - truths[truth].positionAngstrom[axis] - mean) ** 2;
    return { mean, error: Math.sqrt(squares / (sorted.length - 1) / sorted.length) };
  }
}

/** "x -1.2, y 0.4, z 4.9 Å": the mean offset of picks from their particles. */
export function offsetText({ meanOffsetAngstrom: { x, y, z } }: LocalisationError): string {
  return `x ${x.toFixed(1)}, y ${y.toFixed(1)}, z ${z.toFixed(1)} Å`;
}
