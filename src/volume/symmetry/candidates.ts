import { type Matrix3, type Quaternion, quaternionFromMatrix } from "../quaternion.js";
import type { Vector3 } from "../volume.js";
import { acrossOf, between, type FoundAxis } from "./find-axes.js";
import { generatingAxes, type PointGroupName, symmetryOperators } from "./point-group.js";

/** A point group in an orientation. */
export interface GroupCandidate {
  readonly pointGroup: PointGroupName;
  /** From the group's frame to the map. */
  readonly rotation: Quaternion;
}

/** Axes found on a grid and refined are this near to where the group has them. */
const TOLERANCE_DEGREES = 6;
/** Orientations of one group that are tried. */
const MOST_ORIENTATIONS = 6;

/** Groups that the axes could be of, the largest first: of each the orientations that put two of its axes onto two of the found. */
export function groupCandidates(axes: readonly FoundAxis[]): GroupCandidate[] {
  const folds = [...new Set(axes.map(({ fold }) => fold))].filter((fold) => fold > 1);
  const cyclic = folds.map((fold): PointGroupName => `C${fold}`);
  const dihedral = folds.map((fold): PointGroupName => `D${fold}`);
  const names: PointGroupName[] = ["I1", "O", "T", ...dihedral, ...cyclic];
  return names
    .sort((one, other) => symmetryOperators(other).length - symmetryOperators(one).length)
    .flatMap((pointGroup) =>
      orientations(pointGroup, axes)
        .slice(0, MOST_ORIENTATIONS)
        .map((rotation) => ({ pointGroup, rotation })),
    );
}

function orientations(pointGroup: PointGroupName, axes: readonly FoundAxis[]): Quaternion[] {
  const [first, second] = generatingAxes(pointGroup);
  const could = (fold: number) => axes.filter((found) => found.fold % fold === 0);
  if (second === undefined)
    return could(first.fold).map(({ axis }) => fromTo(first.axis, acrossOf(first.axis)[0], axis, acrossOf(axis)[0]));
  const angle = between(first.axis, second.axis);
  return could(first.fold).flatMap((one) =>
    could(second.fold)
      .filter((other) => other !== one && Math.abs(between(one.axis, other.axis) - angle) < TOLERANCE_DEGREES)
      .map((other) => {
        const sign = Math.sign(dot(one.axis, other.axis)) === Math.sign(dot(first.axis, second.axis)) ? 1 : -1;
        return fromTo(first.axis, second.axis, one.axis, scaled(other.axis, sign));
      }),
  );
}

/** The rotation that takes one direction to another, and the plane of it and a second to that of another pair. */
export function fromTo(first: Vector3, second: Vector3, toFirst: Vector3, toSecond: Vector3): Quaternion {
  const from = frameOf(first, second);
  const to = frameOf(toFirst, toSecond);
  const entry = (row: "x" | "y" | "z", column: "x" | "y" | "z") =>
    to.reduce((sum, axis, i) => sum + axis[row] * from[i][column], 0);
  const names = ["x", "y", "z"] as const;
  return quaternionFromMatrix(names.flatMap((row) => names.map((column) => entry(row, column))) as unknown as Matrix3); // nine
}

/** Right-handed: the first direction, what of the second is across it, and across both. */
function frameOf(first: Vector3, second: Vector3): readonly [Vector3, Vector3, Vector3] {
  const one = scaled(first, 1 / Math.hypot(first.x, first.y, first.z));
  const along = dot(one, second);
  const rest = { x: second.x - along * one.x, y: second.y - along * one.y, z: second.z - along * one.z };
  const two = scaled(rest, 1 / Math.hypot(rest.x, rest.y, rest.z));
  return [
    one,
    two,
    { x: one.y * two.z - one.z * two.y, y: one.z * two.x - one.x * two.z, z: one.x * two.y - one.y * two.x },
  ];
}

function dot(one: Vector3, other: Vector3): number {
  return one.x * other.x + one.y * other.y + one.z * other.z;
}

function scaled({ x, y, z }: Vector3, factor: number): Vector3 {
  return { x: factor * x, y: factor * y, z: factor * z };
}
