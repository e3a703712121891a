import { ConfigError } from "../../errors.js";
import { type Quaternion, quaternionFromAxisAngle } from "../quaternion.js";
import type { Vector3 } from "../volume.js";
import { closure } from "./closure.js";

/**
 * Rotational point groups, in the frames that RELION gives them: Cn and Dn have their n-fold axis along z, Dn a twofold along x;
 * T a threefold along z; O fourfolds along all axes; I1 to I4 the icosahedral ones of Heymann, Chagoyen and Belnap 2005.
 */
export type PointGroupName = `C${number}` | `D${number}` | "T" | "O" | "I1" | "I2" | "I3" | "I4";

const HIGHEST_FOLD = 60;
const Z = { x: 0, y: 0, z: 1 };
const X = { x: 1, y: 0, z: 0 };
const GOLDEN = (1 + Math.sqrt(5)) / 2;

/** An axis and how many rotations about it are symmetries. */
export interface SymmetryAxis {
  readonly axis: Vector3;
  readonly fold: number;
}

/** Generators of the groups of the solids. */
const SOLIDS: Readonly<Record<"T" | "O" | "I1" | "I2" | "I3" | "I4", readonly SymmetryAxis[]>> = {
  T: [
    { axis: Z, fold: 3 },
    { axis: { x: 0, y: Math.SQRT2, z: 1 }, fold: 2 },
  ],
  O: [
    { axis: { x: 1, y: 1, z: 1 }, fold: 3 },
    { axis: Z, fold: 4 },
  ],
  I1: [
    { axis: X, fold: 2 },
    { axis: { x: GOLDEN, y: 0, z: -1 }, fold: 5 },
  ],
  I2: [
    { axis: Z, fold: 2 },
    { axis: { x: 1, y: 0, z: GOLDEN }, fold: 5 },
  ],
  I3: [
    { axis: Z, fold: 5 },
    { axis: { x: -1, y: 0, z: GOLDEN }, fold: 2 },
  ],
  I4: [
    { axis: { x: 2, y: 0, z: 1 }, fold: 5 },
    { axis: { x: 1, y: 0, z: GOLDEN }, fold: 2 },
  ],
};

/**
 * The name of a group as a user writes it: `c4`, `D7`, `T`, `O`, `I` (which is I2, as in RELION) or `I1` to `I4`.
 * @throws ConfigError when it is none of these.
 */
export function parsePointGroup(text: string): PointGroupName {
  const name = text.trim().toUpperCase();
  if (name === "I") return "I2";
  if (Object.hasOwn(SOLIDS, name)) return name as keyof typeof SOLIDS;
  const [, kind, fold] = /^([CD])([1-9]\d*)$/.exec(name) ?? [];
  if (kind !== undefined && Number(fold) <= HIGHEST_FOLD) return `${kind as "C" | "D"}${Number(fold)}`;
  throw new ConfigError(`"${text}" is no point group`, {
    hint: `Give C1, C2 … or D2, D3 … (to ${HIGHEST_FOLD}), T, O, or I1 to I4 (I is I2).`,
  });
}

/** Axes whose rotations generate the group; none for C1. */
export function generatingAxes(name: PointGroupName): readonly SymmetryAxis[] {
  if (Object.hasOwn(SOLIDS, name)) return SOLIDS[name as keyof typeof SOLIDS];
  const around = { axis: Z, fold: Number(name.slice(1)) };
  const axes = name.startsWith("D") ? [around, { axis: X, fold: 2 }] : [around];
  return axes.filter(({ fold }) => fold > 1);
}

/** All rotations of a group, the identity first. */
export function symmetryOperators(name: PointGroupName): readonly Quaternion[] {
  return closure(generatingAxes(name).map(({ axis, fold }) => quaternionFromAxisAngle(axis, 360 / fold)));
}
