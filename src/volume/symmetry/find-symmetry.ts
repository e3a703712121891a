import { conjugateQuaternion, multiplyQuaternions, type Quaternion, quaternionFromAxisAngle } from "../quaternion.js";
import type { Volume } from "../volume.js";
import { groupCandidates } from "./candidates.js";
import { evenQuaternions } from "./even-rotations.js";
import { findAxes } from "./find-axes.js";
import { type PointGroupName, symmetryOperators } from "./point-group.js";
import { createSelfCorrelation, type SelfCorrelation } from "./self-correlation.js";

/** What is known of a map whose symmetry is looked for. */
export interface FindSymmetryOptions {
  /** How far the map can be believed. */
  readonly resolutionAngstrom: number;
  /** Fraction of the power of each shell that is signal, 2 FSC / (1 + FSC) of half maps. Default 1. */
  readonly reliability?: ArrayLike<number>;
}

/** The largest point group that a map has, as far as its resolution shows. */
export interface FoundSymmetry {
  readonly pointGroup: PointGroupName;
  /** From the group's frame to the map, about the box centre: its inverse brings the map into RELION's frame. The identity for C1. */
  readonly rotation: Quaternion;
  /** Mean self-correlation over the group's rotations, 1 for an exact symmetry; of C1 that of the best rotation there is. */
  readonly score: number;
  /** Mean and standard deviation of the self-correlation over arbitrary rotations. */
  readonly chance: { readonly mean: number; readonly deviation: number };
}

/**
 * A symmetry is believed from this self-correlation on, of every rotation. Averages of 60 particles at an SNR of 0.1 of ten symmetric
 * validation complexes reach 0.82 to 0.96 for theirs (of C14, not resolved by the 38 Å reached, and of D2, half of it was found);
 * averages of noise, and complexes without symmetry, are said to have none.
 */
const LEAST = 0.75;
/** Fourier pixels: enough to tell axes apart, few enough to try all directions. */
const COARSE_RADIUS = 8;
/** Standard deviations above arbitrary rotations. */
const ABOVE_CHANCE = 4;
const CHANCE_ROTATIONS = 300;

/**
 * Finds the symmetry of a map whose centre of mass is at its box centre (`centreOfMass`), masked to the particle: axes by
 * self-correlation over all directions, then the largest point group all of whose rotations leave the map as it is.
 */
export function findSymmetry(
  { data, shape, voxelSizeAngstrom }: Volume,
  { resolutionAngstrom, reliability }: FindSymmetryOptions,
): FoundSymmetry {
  const [edge] = shape;
  const radius = Math.min(edge / 2 - 1, (edge * voxelSizeAngstrom) / resolutionAngstrom);
  const fine = createSelfCorrelation(data, edge, radius, reliability);
  const coarse = createSelfCorrelation(data, edge, Math.min(radius, COARSE_RADIUS), reliability);
  const chance = chanceOf(fine);
  const least = Math.max(LEAST, chance.mean + ABOVE_CHANCE * chance.deviation);
  const axes = findAxes(coarse, fine, least);
  for (const { pointGroup, rotation: start } of groupCandidates(axes)) {
    const operators = symmetryOperators(pointGroup).slice(1);
    const scoresIn = (rotation: Quaternion) =>
      operators.map((operator) =>
        fine(multiplyQuaternions(rotation, multiplyQuaternions(operator, conjugateQuaternion(rotation)))),
      );
    const rotation = refineRotation(start, (one) => mean(scoresIn(one)));
    const scores = scoresIn(rotation);
    if (Math.min(...scores) >= least) return { pointGroup, rotation, score: mean(scores), chance };
  }
  const best = axes.reduce((highest, { score }) => Math.max(highest, score), chance.mean);
  return { pointGroup: "C1", rotation: { w: 1, x: 0, y: 0, z: 0 }, score: best, chance };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Over rotations spread evenly. */
function chanceOf(correlation: SelfCorrelation): FoundSymmetry["chance"] {
  const values = evenQuaternions(CHANCE_ROTATIONS).map(correlation);
  const centre = mean(values);
  return { mean: centre, deviation: Math.sqrt(mean(values.map((value) => (value - centre) ** 2))) };
}

/** Climbs by small rotations about the three axes of the map. */
function refineRotation(start: Quaternion, score: (rotation: Quaternion) => number): Quaternion {
  let best = start;
  let highest = score(start);
  for (let step = 2; step > 0.2; ) {
    const tried = (["x", "y", "z"] as const).flatMap((axis) =>
      [step, -step].map((degrees) => {
        const small = quaternionFromAxisAngle({ x: 0, y: 0, z: 0, [axis]: 1 }, degrees);
        const rotation = multiplyQuaternions(small, best);
        return { rotation, score: score(rotation) };
      }),
    );
    const up = tried.reduce((one, other) => (other.score > one.score ? other : one));
    if (up.score > highest) [best, highest] = [up.rotation, up.score];
    else step /= 2;
  }
  return best;
}
