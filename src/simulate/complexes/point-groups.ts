import {
  closure,
  type Matrix3,
  type Quaternion,
  quaternionFromAxisAngle,
  quaternionToMatrix,
} from "../../volume/index.js";

/** Rotational point groups in Schoenflies notation: cyclic and dihedral with their fold, and the three of the solids. */
export type PointGroup = `C${number}` | `D${number}` | "T" | "O" | "I";

const GOLDEN = (1 + Math.sqrt(5)) / 2;
const X = { x: 1, y: 0, z: 0 };
const Z = { x: 0, y: 0, z: 1 };
const DIAGONAL = { x: 1, y: 1, z: 1 };

const cache = new Map<PointGroup, readonly Quaternion[]>();

/**
 * All rotations of a group, the identity first. Cn and Dn have their n-fold axis along z, Dn a twofold along x; T, O and I are in
 * the frame that drew the complexes of released models, which is not RELION's.
 */
export function pointGroup(name: PointGroup): readonly Matrix3[] {
  return rotationsOf(name).map((rotation) => quaternionToMatrix(rotation));
}

function rotationsOf(name: PointGroup): readonly Quaternion[] {
  let elements = cache.get(name);
  if (!elements) {
    elements = closure(generators(name));
    cache.set(name, elements);
  }
  return elements;
}

/** The number of rotations in the group, hence of copies of the asymmetric unit. */
export function groupOrder(name: PointGroup): number {
  if (name === "T") return 12;
  if (name === "O") return 24;
  if (name === "I") return 60;
  return Number(name.slice(1)) * (name.startsWith("D") ? 2 : 1);
}

/** Whether products of the given elements (by index into `pointGroup`) reach every element of the group. */
export function generatesGroup(name: PointGroup, generating: readonly number[]): boolean {
  const elements = rotationsOf(name);
  const chosen = generating.map((index) => elements[index]);
  return closure(chosen).length === elements.length;
}

function generators(name: PointGroup): Quaternion[] {
  if (name === "T") return [quaternionFromAxisAngle(DIAGONAL, 120), quaternionFromAxisAngle(Z, 180)];
  if (name === "O") return [quaternionFromAxisAngle(DIAGONAL, 120), quaternionFromAxisAngle(Z, 90)];
  if (name === "I")
    return [quaternionFromAxisAngle(DIAGONAL, 120), quaternionFromAxisAngle({ x: 0, y: 1, z: GOLDEN }, 72)];
  const around = quaternionFromAxisAngle(Z, 360 / Number(name.slice(1)));
  return name.startsWith("D") ? [around, quaternionFromAxisAngle(X, 180)] : [around];
}
