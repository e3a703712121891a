import {
  angleBetweenQuaternions,
  conjugateQuaternion,
  multiplyQuaternions,
  NO_TURN,
  type Quaternion,
  rotateVector,
} from "../quaternion.js";
import type { Vector3 } from "../volume.js";
import { axialParts, axisOf, partBeside } from "./axis-spectrum.js";
import type { GroupCandidate } from "./candidates.js";
import { evenQuaternions } from "./even-rotations.js";
import { acrossOf } from "./find-axes.js";
import { generatingAxes, type PointGroupName, symmetryOperators } from "./point-group.js";
import type { SelfCorrelation } from "./self-correlation.js";

/** How well a map keeps to rotations that a point group turns into each other, so that they are kept to alike or the group is wrong. */
interface KeptRotations {
  /** Mean over them of the correlation of what is not round about their axes. */
  readonly mean: number;
  /** The least of one of them. */
  readonly least: number;
  /** The mean over the finer half of what halves have in common. */
  readonly fine: number;
  /** Of twofold rotations that turn an axis over about which a map may be round: the mean without what is round about that. */
  readonly besideMain: number;
  /** How far the mean correlation is above that of the same rotations about other axes, in standard deviations of these. */
  readonly aboveChance: number;
}

/** How well a map keeps to a point group. */
export interface KeptGroup {
  /** Each class of its rotations, the identity left out. */
  readonly classes: readonly KeptRotations[];
  /** Of all of them together. */
  readonly aboveChance: number;
}

/** Orientations of a group that chance is measured by. */
const CHANCE_FRAMES = 150;
/** Angles between rotations that are the same but for rounding. */
const SAME_DEGREES = 0.2;

/** How well a map keeps to a group in its orientation. */
export function examineGroup({ pointGroup, rotation }: GroupCandidate, correlation: SelfCorrelation): KeptGroup {
  const classes = conjugacyClasses(symmetryOperators(pointGroup));
  const chance = aboveChance(classes, rotation, correlation);
  return {
    aboveChance: chance.together,
    classes: classes.map((operators, i) => {
      const turned = operators.map((operator) => inFrame(rotation, operator));
      const bands = turned.map((one) => correlation.byBand(one));
      const axial = axialParts(axisOf(turned[0]), correlation.byBand);
      const beside = bands.map((of) => partBeside(mean(of), mean(axial)));
      const fine = axial.length - 1;
      return {
        mean: mean(beside),
        least: beside.reduce((least, value) => Math.min(least, value), 1),
        fine: partBeside(mean(bands.map((of) => of[fine])), axial[fine]),
        besideMain: besideMain({ pointGroup, rotation }, turned[0], correlation),
        aboveChance: chance.byClass[i],
      };
    }),
  };
}

/** A rotation of a group's frame as it is in a map in which the group lies so. */
export function inFrame(rotation: Quaternion, operator: Quaternion): Quaternion {
  return multiplyQuaternions(rotation, multiplyQuaternions(operator, conjugateQuaternion(rotation)));
}

/** How far above those of other orientations the mean correlations of classes of rotations are, in standard deviations of these. */
function aboveChance(classes: readonly (readonly Quaternion[])[], rotation: Quaternion, { quick }: SelfCorrelation) {
  const meansIn = (frame: Quaternion) =>
    classes.map((operators) => mean(operators.map((operator) => quick(inFrame(frame, operator)))));
  const own = meansIn(rotation);
  const others = evenQuaternions(CHANCE_FRAMES).map(meansIn);
  const count = classes.reduce((sum, { length }) => sum + length, 0);
  const ofAll = (means: readonly number[]) =>
    means.reduce((sum, value, i) => sum + (value * classes[i].length) / count, 0);
  return {
    byClass: own.map((value, i) =>
      standing(
        value,
        others.map((means) => means[i]),
      ),
    ),
    together: standing(ofAll(own), others.map(ofAll)),
  };
}

/**
 * How far a value is above the median of others, in standard deviations of these: by how much the lowest sixth is beneath it. What is above
 * it may be near to a symmetry that there is.
 */
function standing(value: number, others: readonly number[]): number {
  const sorted = [...others].sort((one, other) => one - other);
  const [low, middle] = [0.159, 0.5].map((part) => sorted[Math.round(part * (sorted.length - 1))]);
  return (value - middle) / Math.max(middle - low, Number.EPSILON);
}

/** By how many standard deviations a perfect twofold axis would stand out of the other directions. */
export function mostAboveChance({ quick }: SelfCorrelation): number {
  const twofold = symmetryOperators("C2")[1];
  return standing(
    1,
    evenQuaternions(CHANCE_FRAMES).map((frame) => quick(inFrame(frame, twofold))),
  );
}

/** Axes across a twofold one that are tried for the roundest. */
const ACROSS = 12;

/**
 * A rod is the same after half a turn about any axis across it, whatever its sides show. So of a twofold rotation the part that is round about
 * the main axis of Dn, or for C2 about the roundest axis across, is left out; 1 for others.
 */
function besideMain({ pointGroup, rotation }: GroupCandidate, twofold: Quaternion, { quick }: SelfCorrelation): number {
  if (angleBetweenQuaternions(twofold, NO_TURN) < 180 - SAME_DEGREES || !/^(C2|D\d+)$/.test(pointGroup)) return 1;
  const one = (turned: Quaternion) => [quick(turned)];
  const mains = mainAxes(pointGroup, rotation, axisOf(twofold));
  const axial = mains.map((axis) => axialParts(axis, one)[0]);
  const roundest = axial.reduce((best, value, i) => (value > axial[best] ? i : best), 0);
  const [round] = axialParts(mains[roundest], (turned) => one(multiplyQuaternions(twofold, turned)), 360);
  return partBeside(quick(twofold), axial[roundest], round);
}

/** The axis of Dn that its other twofold ones turn over, or directions across the given axis. */
function mainAxes(pointGroup: PointGroupName, rotation: Quaternion, own: Vector3): Vector3[] {
  const main = rotateVector(rotation, generatingAxes(pointGroup)[0].axis);
  const along = Math.abs(own.x * main.x + own.y * main.y + own.z * main.z);
  if (along < 0.5) return [main];
  const [u, v] = acrossOf(own);
  return Array.from({ length: ACROSS }, (_, i) => {
    const [cosine, sine] = [Math.cos((Math.PI * i) / ACROSS), Math.sin((Math.PI * i) / ACROSS)];
    return { x: cosine * u.x + sine * v.x, y: cosine * u.y + sine * v.y, z: cosine * u.z + sine * v.z };
  });
}

/** The rotations of a group but the identity, those together that rotations of the group turn into each other. */
function conjugacyClasses(operators: readonly Quaternion[]): Quaternion[][] {
  const classes: Quaternion[][] = [];
  for (const operator of operators.slice(1)) {
    const own = classes.find(([first]) =>
      operators.some((by) => angleBetweenQuaternions(inFrame(by, operator), first) < SAME_DEGREES),
    );
    if (own) own.push(operator);
    else classes.push([operator]);
  }
  return classes;
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value / values.length, 0);
}
