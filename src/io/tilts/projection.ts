import { FormatError } from "../../errors.js";
import { type Matrix3, multiplyQuaternions, quaternionFromAxisAngle, quaternionToMatrix } from "../../volume/index.js";
import { parseDecimal, quotedExcerpt } from "../text/number.js";

/** The rotation of a tilt image from RELION 5's angles: about the tomogram's x, then the fixed y, then the fixed z. */
export function rotationOfTilt(xTiltDegrees: number, yTiltDegrees: number, zRotationDegrees: number): Matrix3 {
  const x = quaternionFromAxisAngle({ x: 1, y: 0, z: 0 }, xTiltDegrees);
  const y = quaternionFromAxisAngle({ x: 0, y: 1, z: 0 }, yTiltDegrees);
  const z = quaternionFromAxisAngle({ x: 0, y: 0, z: 1 }, zRotationDegrees);
  return quaternionToMatrix(multiplyQuaternions(z, multiplyQuaternions(y, x)));
}

/** Magnifications of tilt images differ by some per cent at most; what is further from a rotation is none. */
const MOST_STRETCHED = 0.1;

/**
 * The rotation in the first three rows of a projection matrix ("[0.99,0.01,0,120]"), which may be scaled a little.
 * @throws FormatError for rows that are not four numbers, or not those of a rotation.
 */
export function rotationRow(texts: readonly [string, string, string], where: string): Matrix3 {
  const rows = texts.map((text) => {
    const numbers = starVector(text, where);
    if (numbers.length !== 4)
      throw new FormatError(
        `${quotedExcerpt(text)} is no row of a projection matrix: four numbers are expected`,
        where,
      );
    const [x, y, z] = numbers as [number, number, number];
    const length = Math.hypot(x, y, z);
    if (!(Math.abs(length - 1) < MOST_STRETCHED)) throw notRotation(where);
    return [x / length, y / length, z / length] as const;
  });
  const [a = [], b = [], c = []]: readonly (readonly number[])[] = rows;
  const cosines = [dot(a, b), dot(b, c), dot(a, c)];
  const determinant = dot(cross(a, b), c);
  if (cosines.some((cosine) => Math.abs(cosine) > MOST_STRETCHED) || determinant < 0) throw notRotation(where);
  return [...a, ...b, ...c] as unknown as Matrix3;
}

function notRotation(where: string): FormatError {
  return new FormatError("the projection matrix (rlnTomoProjX, Y, Z) is no rotation", where, {
    hint: "Its first three rows and columns must be a rotation, stretched by a tenth at most and not mirrored.",
  });
}

/** Numbers in brackets, as RELION writes vectors: "[1,0,1]". @throws FormatError */
export function starVector(text: string, where: string): number[] {
  const inner = /^\[(.*)\]$/.exec(text.trim())?.[1];
  if (inner === undefined) throw new FormatError(`${quotedExcerpt(text)} is no list of numbers in brackets`, where);
  return inner.split(",").map((part) => {
    const number = parseDecimal(part.trim());
    if (number !== undefined) return number;
    throw new FormatError(`${quotedExcerpt(part)} in ${quotedExcerpt(text)} is not a number`, where);
  });
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
}

function cross([ax = 0, ay = 0, az = 0]: readonly number[], [bx = 0, by = 0, bz = 0]: readonly number[]): number[] {
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}
