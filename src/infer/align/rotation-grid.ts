import { type Matrix3, type Quaternion, quaternionFromMatrix } from "../../volume/index.js";
import { evenRotations } from "../orientation/rotations.js";

/** A rotation that takes the axes of a cube to each other: it moves Fourier pixels onto Fourier pixels. */
export type AxisRotation = Matrix3;

/** The 24 rotations of a cube, the identity first. */
export const cubeRotations: readonly AxisRotation[] = createCubeRotations();

function createCubeRotations(): Matrix3[] {
  const orders = [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
    [0, 2, 1],
    [2, 1, 0],
    [1, 0, 2],
  ];
  const found: Matrix3[] = [];
  for (const [n, order] of orders.entries())
    for (let signs = 0; signs < 8; signs++) {
      const sign = [0, 1, 2].map((axis) => ((signs >> axis) & 1 ? -1 : 1));
      if (sign[0] * sign[1] * sign[2] !== (n < 3 ? 1 : -1)) continue;
      const rows = [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => (order[row] === column ? sign[row] : 0)));
      found.push(rows as unknown as Matrix3); // three rows of three
    }
  return found;
}

/**
 * About `count` / 24 rotations spread evenly over those that lie nearer to the identity than to any other rotation of a cube:
 * each of the 24 times each of them gives all rotations, evenly.
 */
export function evenRotationsNearIdentity(count: number): Quaternion[] {
  const cube = cubeRotations.map(quaternionFromMatrix);
  return evenRotations(count)
    .map(quaternionFromMatrix)
    .filter((one) => {
      const nearness = cube.map((other) =>
        Math.abs(one.w * other.w + one.x * other.x + one.y * other.y + one.z * other.z),
      );
      return nearness.every((value) => value <= nearness[0]);
    });
}
