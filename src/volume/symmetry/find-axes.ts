import { type Quaternion, quaternionFromAxisAngle, rotateVector } from "../quaternion.js";
import type { Vector3 } from "../volume.js";
import { axialParts, axisSpectrum, LEAST_VARYING } from "./axis-spectrum.js";
import type { SymmetryAxis } from "./point-group.js";
import { evenDirections, type SelfCorrelation } from "./self-correlation.js";

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
const MIDDLE_STEP_DEGREES = 1;
/** What a direction has to reach to be climbed from, and a climb after its large steps, of what its end has to. */
const OF_START = 0.25;
const OF_CLIMB = 0.8;
const LAST_STEP_DEGREES = 0.3;

/** How much lower than the lowest fold's a higher fold's correlation may be. */
const FOLD_TOLERANCE = 0.1;

/** An axis about which what varies is nearly the same after every 1 / fold of a turn, and the least that those reach. */
export interface FoundAxis extends SymmetryAxis {
  readonly score: number;
}

/**
 * Looks for axes along all directions: by coarse frequencies, for each prime fold; the best are climbed to and kept where what varies
 * about them reaches `least`.
 */
export function findAxes({ coarse, quick }: SelfCorrelation, least: number): FoundAxis[] {
  const directions = evenDirections(DIRECTIONS);
  const found: FoundAxis[] = [];
  for (const fold of PRIME_FOLDS) {
    const scores = directions.map((axis) => coarse(quaternionFromAxisAngle(axis, 360 / fold)));
    const correlation = (axis: Vector3) => quick(quaternionFromAxisAngle(axis, 360 / fold));
    for (const { axis: start, score } of peaks(directions, scores).slice(0, MOST_AXES)) {
      if (score < OF_START) break;
      const near = climbed(start, correlation, FIRST_STEP_DEGREES, MIDDLE_STEP_DEGREES);
      if (near.score < OF_CLIMB * least) continue;
      const { axis } = climbed(near.axis, correlation, MIDDLE_STEP_DEGREES, LAST_STEP_DEGREES);
      if (found.some((other) => between(other.axis, axis) < APART_DEGREES / 2)) continue;
      const axisFound = foldOf(axis, quick, least);
      if (axisFound) found.push(axisFound);
    }
  }
  return found.sort((one, other) => other.fold - one.fold || other.score - one.score);
}

/** Directions about which a map is the most like itself after every 1 / fold of a turn, by coarse frequencies, and far apart. */
export function mostLikeAxes({ coarse }: SelfCorrelation, fold: number): Vector3[] {
  const directions = evenDirections(DIRECTIONS);
  const turns = Array.from({ length: fold >> 1 }, (_, k) => (360 * (k + 1)) / fold);
  const scores = directions.map((axis) =>
    turns.reduce((sum, degrees) => sum + coarse(quaternionFromAxisAngle(axis, degrees)) / turns.length, 0),
  );
  return peaks(directions, scores)
    .slice(0, MOST_AXES)
    .map(({ axis }) => axis);
}

/** Directions of half the sphere that tell where a map is round about an axis. */
const ROUND_DIRECTIONS = 300;

/** The part of a map that is the same at any angle about the axis about which it is the roundest. */
export function roundestPart({ coarse, quick }: SelfCorrelation): number {
  const partAbout = (axis: Vector3, of: SelfCorrelation["quick"]) => axialParts(axis, (rotation) => [of(rotation)])[0];
  const axes = evenDirections(ROUND_DIRECTIONS).map((axis) => ({ axis, part: partAbout(axis, coarse) }));
  const { axis } = axes.reduce((one, other) => (other.part > one.part ? other : one));
  return partAbout(axis, quick);
}

/** The fold of an axis: of those all of whose rotations reach `least`, the highest that is nearly as good as the best. */
function foldOf(axis: Vector3, correlation: SelfCorrelation["quick"], least: number): FoundAxis | undefined {
  const { axial, beside } = axisSpectrum(axis, correlation);
  if (1 - axial < LEAST_VARYING) return undefined;
  const folds: FoundAxis[] = [];
  for (let fold = 2; fold <= HIGHEST_FOLD; fold++) {
    let score = 1;
    for (let k = 1; k <= fold / 2 && score >= least; k++) score = Math.min(score, beside((360 * k) / fold));
    if (score >= least) folds.push({ axis, fold, score });
  }
  const best = Math.max(...folds.map(({ score }) => score));
  return folds.findLast(({ score }) => score >= best - FOLD_TOLERANCE);
}

/** Directions whose score no neighbour exceeds, the best first. */
function peaks(directions: readonly Vector3[], scores: readonly number[]): Climbed[] {
  return directions
    .map((axis, i) => ({ axis, score: scores[i] }))
    .filter(({ axis, score }) =>
      directions.every((other, j) => scores[j] <= score || between(other, axis) > APART_DEGREES),
    )
    .sort((one, other) => other.score - one.score);
}

interface Climbed {
  readonly axis: Vector3;
  readonly score: number;
}

/** Climbs by tilting the axis in four directions, by smaller and smaller steps. */
function climbed(start: Vector3, score: (axis: Vector3) => number, first: number, last: number): Climbed {
  let best = start;
  let highest = score(start);
  for (let step = first; step > last; ) {
    const tried = tilts(best, step).map((axis) => ({ axis, score: score(axis) }));
    const up = tried.reduce((one, other) => (other.score > one.score ? other : one));
    if (up.score > highest) [best, highest] = [up.axis, up.score];
    else step /= 2;
  }
  return { axis: best, score: highest };
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
