import { multiplyQuaternions, type Quaternion, quaternionFromAxisAngle } from "../quaternion.js";
import { fromTo, type GroupCandidate } from "./candidates.js";
import { inFrame } from "./examine-group.js";
import { acrossOf, mostLikeAxes } from "./find-axes.js";
import { generatingAxes, type PointGroupName, type SymmetryAxis } from "./point-group.js";
import type { SelfCorrelation } from "./self-correlation.js";

/** Between angles about the main axis at which the others are looked for. */
const SPIN_DEGREES = 4;
/** Orientations that are climbed from. */
const MOST_CLIMBED = 6;
const FIRST_STEP_DEGREES = 2;
const LAST_STEP_DEGREES = 0.2;

/**
 * The orientation in which a map is the most like itself rotated about the axes that generate a point group (not C1), whether or not it has
 * that symmetry: directions of the main axis are gone through, then angles about it.
 */
export function placedGroup(pointGroup: PointGroupName, correlation: SelfCorrelation): GroupCandidate {
  const [main, second] = generatingAxes(pointGroup);
  const operators = [main, second].flatMap((axis) => (axis ? rotationsAbout(axis) : []));
  const others = second ? rotationsAbout(second) : operators;
  const across = second?.axis ?? acrossOf(main.axis)[0];
  const spins = second ? Math.ceil(360 / main.fold / SPIN_DEGREES) : 1;
  const { rotation } = mostLikeAxes(correlation, main.fold)
    .flatMap((axis) => {
      const onto = fromTo(main.axis, across, axis, acrossOf(axis)[0]);
      const ofMain = likenessIn(onto, rotationsAbout(main), correlation.coarse);
      return Array.from({ length: spins }, (_, i) => {
        const turned = multiplyQuaternions(onto, quaternionFromAxisAngle(main.axis, SPIN_DEGREES * i));
        return { rotation: turned, likeness: ofMain + likenessIn(turned, others, correlation.coarse) };
      });
    })
    .sort((one, other) => other.likeness - one.likeness)
    .slice(0, MOST_CLIMBED)
    .map((start) => climbedFrame(start.rotation, operators, correlation))
    .reduce((one, other) => (other.likeness > one.likeness ? other : one));
  return { pointGroup, rotation };
}

/** Climbs by small rotations about the three axes of the map to where it is the most like itself after the rotations of the frame. */
export function climbedFrame(
  start: Quaternion,
  operators: readonly Quaternion[],
  { quick }: SelfCorrelation,
): { readonly rotation: Quaternion; readonly likeness: number } {
  let best = { rotation: start, likeness: likenessIn(start, operators, quick) };
  for (let step = FIRST_STEP_DEGREES; step > LAST_STEP_DEGREES; ) {
    const tried = (["x", "y", "z"] as const).flatMap((axis) =>
      [step, -step].map((degrees) => {
        const small = quaternionFromAxisAngle({ x: 0, y: 0, z: 0, [axis]: 1 }, degrees);
        const rotation = multiplyQuaternions(small, best.rotation);
        return { rotation, likeness: likenessIn(rotation, operators, quick) };
      }),
    );
    const up = tried.reduce((one, other) => (other.likeness > one.likeness ? other : one));
    if (up.likeness > best.likeness) best = up;
    else step /= 2;
  }
  return best;
}

/** Mean correlation over rotations of a group's frame that lies so in the map. */
function likenessIn(
  frame: Quaternion,
  operators: readonly Quaternion[],
  correlation: (rotation: Quaternion) => number,
): number {
  return operators.reduce((sum, operator) => sum + correlation(inFrame(frame, operator)), 0) / operators.length;
}

/** Of angles that are opposite one. */
function rotationsAbout({ axis, fold }: SymmetryAxis): Quaternion[] {
  return Array.from({ length: fold >> 1 }, (_, k) => quaternionFromAxisAngle(axis, (360 * (k + 1)) / fold));
}
