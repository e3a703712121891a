import { FormatError } from "../../../errors.js";
import { type Matrix3, type Quaternion, quaternionFromMatrix } from "../../../volume/index.js";
import { numberOf } from "../../text/json.js";

/**
 * The numbers of a matrix in JSON, row by row.
 * @throws FormatError when it is not a matrix of this many rows and columns.
 */
export function matrixOf(value: unknown, size: number, what: string, where: string): number[][] {
  const rows: unknown[] = Array.isArray(value) ? value : [];
  if (rows.length !== size) throw new FormatError(`${what} is not a ${size} x ${size} matrix`, where);
  return rows.map((row, i) => {
    if (!Array.isArray(row) || row.length !== size)
      throw new FormatError(`${what} is not a ${size} x ${size} matrix`, where);
    return row.map((entry: unknown, j) => numberOf(entry, `${what}[${i}][${j}]`, where));
  });
}

/** The rotation that the upper left 3 x 3 of a matrix is, to the precision that programs write; undefined when it is none. */
export function rotationOfMatrix(rows: readonly (readonly number[])[]): Quaternion | undefined {
  const matrix = rows.slice(0, 3).flatMap((row) => row.slice(0, 3)) as unknown as Matrix3;
  return isRotation(matrix) ? quaternionFromMatrix(matrix) : undefined;
}

/** Whether rows are orthonormal and the determinant is 1. */
function isRotation([a, b, c, d, e, f, g, h, i]: Matrix3): boolean {
  const near = (value: number, target: number) => Math.abs(value - target) < 1e-3;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return (
    near(determinant, 1) &&
    near(a * a + b * b + c * c, 1) &&
    near(d * d + e * e + f * f, 1) &&
    near(a * d + b * e + c * f, 0)
  );
}
