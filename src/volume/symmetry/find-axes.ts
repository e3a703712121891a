import { type Quaternion, quaternionFromAxisAngle, rotateVector } from "../quaternion.js";
import type { Vector3 } from "../volume.js";
import type { SymmetryAxis } from "./point-group.js";
import type { SelfCorrelation } from "./self-correlation.js";

/** Every fold is a multiple of one of these, or there are too many. */
const PRIME_FOLDS = [2, 3, 5, 7, 11, 13] as const;
const HIGHEST_FOLD = 24;
/** Directions of half the sphere, some 6 degrees apart. */
const DIRECTIONS = 600;
/** Two peaks nearer than this are one. */
const APART_DEGREES = 14;
/** Of one fold: an icosahedron has 15 twofold axes. */
const MOST_AXES = 20;
const FIRST_STEP_DEGREES = 3;
const LAST_STEP_DEGREES = 0.3;

/** An axis about which a map is nearly the same after every 1 / fold of a turn, and the least that those reach. */
export interface FoundAxis extends SymmetryAxis {
  readonly score: number;
}

/**
 * Looks for axes along all directions: by `coarse`, a self-correlation of low frequencies, for each prime fold; the best are refined
 * by `fine` and kept where it reaches `least`.
 */
export function findAxes(coarse: SelfCorrelation, fine: SelfCorrelation, least: number): FoundAxis[] {
  const directions = evenDirections(DIRECTIONS);
  const found: FoundAxis[] = [];
  for (const fold of PRIME_FOLDS) {
    const scores = directions.map((axis) => coarse(quaternionFromAxisAngle(axis, 360 / fold)));
    for (const start of peaks(directions, scores).slice(0, MOST_AXES)) {
      const axis = refineAxis(start, (one) => fine(quaternionFromAxisAngle(one, 360 / fold)));
      if (found.some((other) => between(other.axis, axis) < APART_DEGREES / 2)) continue;
      const axisFound = foldOf(axis, fine, least);
      if (axisFound) found.push(axisFound);
    }
  }
  return found.sort((one, other) => other.fold - one.fold || other.score - one.score);
}

/** How much lower than the lowest fold's a higher fold's correlation may be. */
const FOLD_TOLERANCE = 0.1;
/** How much lower the correlation must be half-way to the next rotation. */
const LEAST_DIP = 0.1;

/**
 * The fold of an axis: of those all of whose rotations reach `least`, the highest that is nearly as good as the best. Where a turn by
 * half as much is no worse, the map is only smooth about the axis, as far as it is resolved: that is no symmetry.
 */
function foldOf(axis: Vector3, correlation: SelfCorrelation, least: number): FoundAxis | undefined {
  const scoreAt = (turns: number) => correlation(quaternionFromAxisAngle(axis, 360 * turns));
  const folds: FoundAxis[] = [];
  for (let fold = 2; fold <= HIGHEST_FOLD; fold++) {
    let score = scoreAt(1 / fold);
    if (score < least || scoreAt(0.5 / fold) > score - LEAST_DIP) continue;
    for (let k = 2; k <= fold / 2 && score >= least; k++) score = Math.min(score, scoreAt(k / fold));
    if (score >= least) folds.push({ axis, fold, score });
  }
  const best = Math.max(...folds.map(({ score }) => score));
  return folds.findLast(({ score }) => score >= best - FOLD_TOLERANCE);
}

/** Directions whose score no neighbour exceeds, the best first. */
function peaks(directions: readonly Vector3[], scores: readonly number[]): Vector3[] {
  return directions
    .map((axis, i) => ({ axis, score: scores[i] }))
    .filter(({ axis, score }) =>
      directions.every((other, j) => scores[j] <= score || between(other, axis) > APART_DEGREES),
    )
    .sort((one, other) => other.score - one.score)
    .map(({ axis }) => axis);
}

/** Climbs by tilting the axis in four directions, by smaller and smaller steps. */
function refineAxis(start: Vector3, score: (axis: Vector3) => number): Vector3 {
  let best = start;
  let highest = score(start);
  for (let step = FIRST_STEP_DEGREES; step > LAST_STEP_DEGREES; ) {
    const tried = tilts(best, step).map((axis) => ({ axis, score: score(axis) }));
    const up = tried.reduce((one, other) => (other.score > one.score ? other : one));
    if (up.score > highest) [best, highest] = [up.axis, up.score];
    else step /= 2;
  }
  return best;
}

function tilts(axis: Vector3, degrees: number): Vector3[] {
  const [across, other] = acrossOf(axis);
  const rotations: Quaternion[] = [across, other].flatMap((one) => [
    quaternionFromAxisAngle(one, degrees),
    quaternionFromAxisAngle(one, -degrees),
  ]);
  return rotations.map((rotation) => rotateVector(rotation, axis));
}

/** Two directions across an axis and each other. */
export function acrossOf({ x, y, z }: Vector3): readonly [Vector3, Vector3] {
  const seed = Math.abs(x) < 0.6 ? { x: 1, y: 0, z: 0 } : { x: 0, y: 1, z: 0 };
  const across = { x: y * seed.z - z * seed.y, y: z * seed.x - x * seed.z, z: x * seed.y - y * seed.x };
  return [across, { x: y * across.z - z * across.y, y: z * across.x - x * across.z, z: x * across.y - y * across.x }];
}

/** The angle in degrees between two axes, which have no sign: 0 to 90. */
export function between(one: Vector3, other: Vector3): number {
  const dot = one.x * other.x + one.y * other.y + one.z * other.z;
  const lengths = Math.hypot(one.x, one.y, one.z) * Math.hypot(other.x, other.y, other.z);
  return (180 / Math.PI) * Math.acos(Math.min(1, Math.abs(dot) / lengths));
}

/** Directions spread evenly over half a sphere: a Fibonacci lattice. */
function evenDirections(count: number): Vector3[] {
  const turn = Math.PI * (3 - Math.sqrt(5));
  return Array.from({ length: count }, (_, i) => {
    const z = (i + 0.5) / count;
    const across = Math.sqrt(1 - z * z);
    return { x: across * Math.cos(turn * i), y: across * Math.sin(turn * i), z };
  });
}
