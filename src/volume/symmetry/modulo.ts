import { angleBetweenQuaternions, multiplyQuaternions, type Quaternion } from "../quaternion.js";

/**
 * The orientation nearest to `near` among those that a symmetric reference cannot tell from `rotation`: `rotation g` for every
 * operator g of its group.
 */
export function nearestEquivalent(
  rotation: Quaternion,
  near: Quaternion,
  operators: readonly Quaternion[],
): Quaternion {
  const equivalent = operators.map((operator) => multiplyQuaternions(rotation, operator));
  const angles = equivalent.map((other) => angleBetweenQuaternions(other, near));
  return equivalent[angles.indexOf(Math.min(...angles))] ?? rotation;
}

/** The smallest angle in degrees between two orientations of a reference with these symmetry operators. */
export function angleModuloSymmetry(one: Quaternion, other: Quaternion, operators: readonly Quaternion[]): number {
  return angleBetweenQuaternions(nearestEquivalent(one, other, operators), other);
}
