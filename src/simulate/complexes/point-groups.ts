import { type Matrix3, quaternionFromAxisAngle, quaternionToMatrix, type Vector3 } from "../../volume/index.js";

/** Rotational point groups in Schoenflies notation: cyclic and dihedral with their fold, and the three of the solids. */
export type PointGroup = `C${number}` | `D${number}` | "T" | "O" | "I";

const GOLDEN = (1 + Math.sqrt(5)) / 2;
const X = { x: 1, y: 0, z: 0 };
const Z = { x: 0, y: 0, z: 1 };
const DIAGONAL = { x: 1, y: 1, z: 1 };

const cache = new Map<PointGroup, readonly Matrix3[]>();

/** All rotations of a group, the identity first. Cn and Dn have their n-fold axis along z, Dn a twofold along x. */
export function pointGroup(name: PointGroup): readonly Matrix3[] {
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
  const elements = pointGroup(name);
  const chosen = generating.map((index) => elements[index]);
  return closure(chosen).length === elements.length;
}

function generators(name: PointGroup): Matrix3[] {
  if (name === "T") return [rotation(DIAGONAL, 120), rotation(Z, 180)];
  if (name === "O") return [rotation(DIAGONAL, 120), rotation(Z, 90)];
  if (name === "I") return [rotation(DIAGONAL, 120), rotation({ x: 0, y: 1, z: GOLDEN }, 72)];
  const around = rotation(Z, 360 / Number(name.slice(1)));
  return name.startsWith("D") ? [around, rotation(X, 180)] : [around];
}

function rotation(axis: Vector3, degrees: number): Matrix3 {
  return quaternionToMatrix(quaternionFromAxisAngle(axis, degrees));
}

/** Multiplies by the generators until nothing new appears. */
function closure(generating: readonly Matrix3[]): Matrix3[] {
  const elements: Matrix3[] = [[1, 0, 0, 0, 1, 0, 0, 0, 1]];
  for (let i = 0; i < elements.length; i++)
    for (const generator of generating) {
      const product = multiply(elements[i], generator);
      if (!elements.some((element) => element.every((value, k) => Math.abs(value - product[k]) < 1e-6)))
        elements.push(product);
    }
  return elements;
}

function multiply(p: Matrix3, q: Matrix3): Matrix3 {
  const [a, b, c, d, e, f, g, h, i] = q;
  return [0, 3, 6].flatMap((row) => {
    const [x, y, z] = [p[row], p[row + 1], p[row + 2]];
    return [x * a + y * d + z * g, x * b + y * e + z * h, x * c + y * f + z * i];
  }) as unknown as Matrix3; // three rows of three
}
