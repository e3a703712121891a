import type { Random } from "./random.js";
import type { Vector3 } from "./volume.js";

/** A rotation as a unit quaternion; `q` and `-q` are the same rotation. It maps the reference frame to the particle. */
export interface Quaternion {
  readonly w: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** The rotation that turns nothing. */
export const NO_TURN: Quaternion = { w: 1, x: 0, y: 0, z: 0 };

/** A rotation matrix by rows, acting on column vectors `(x, y, z)`. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/** Uniform over all rotations: four normal deviates point in a uniform direction of four-dimensional space. */
export function randomQuaternion(random: Random): Quaternion {
  return normaliseQuaternion({ w: random.normal(), x: random.normal(), y: random.normal(), z: random.normal() });
}

/** The quaternion at unit length; its argument must not be zero. */
export function normaliseQuaternion({ w, x, y, z }: Quaternion): Quaternion {
  const scale = 1 / Math.hypot(w, x, y, z);
  return { w: w * scale, x: x * scale, y: y * scale, z: z * scale };
}

/** The rotation by `second` followed by that by `first`, as in the matrix product `first second`. */
export function multiplyQuaternions(first: Quaternion, second: Quaternion): Quaternion {
  return {
    w: first.w * second.w - first.x * second.x - first.y * second.y - first.z * second.z,
    x: first.w * second.x + first.x * second.w + first.y * second.z - first.z * second.y,
    y: first.w * second.y - first.x * second.z + first.y * second.w + first.z * second.x,
    z: first.w * second.z + first.x * second.y - first.y * second.x + first.z * second.w,
  };
}

/** The inverse rotation. */
export function conjugateQuaternion({ w, x, y, z }: Quaternion): Quaternion {
  return { w, x: -x, y: -y, z: -z };
}

/** The right-handed rotation by `degrees` about `axis` (any length but zero). */
export function quaternionFromAxisAngle(axis: Vector3, degrees: number): Quaternion {
  const half = (degrees * Math.PI) / 360;
  const scale = Math.sin(half) / Math.hypot(axis.x, axis.y, axis.z);
  return { w: Math.cos(half), x: axis.x * scale, y: axis.y * scale, z: axis.z * scale };
}

/** The rotation matrix, times `scale`. */
export function quaternionToMatrix({ w, x, y, z }: Quaternion, scale = 1): Matrix3 {
  return [
    scale * (1 - 2 * (y * y + z * z)),
    scale * 2 * (x * y - w * z),
    scale * 2 * (x * z + w * y),
    scale * 2 * (x * y + w * z),
    scale * (1 - 2 * (x * x + z * z)),
    scale * 2 * (y * z - w * x),
    scale * 2 * (x * z - w * y),
    scale * 2 * (y * z + w * x),
    scale * (1 - 2 * (x * x + y * y)),
  ];
}

/** The inverse of `quaternionToMatrix` up to sign (Shepperd's method: divides by the largest component). */
export function quaternionFromMatrix([a, b, c, d, e, f, g, h, i]: Matrix3): Quaternion {
  if (a + e + i > 0) return normaliseQuaternion({ w: 1 + a + e + i, x: h - f, y: c - g, z: d - b });
  if (a >= e && a >= i) return normaliseQuaternion({ w: h - f, x: 1 + a - e - i, y: b + d, z: c + g });
  if (e >= i) return normaliseQuaternion({ w: c - g, x: b + d, y: 1 - a + e - i, z: f + h });
  return normaliseQuaternion({ w: d - b, x: c + g, y: f + h, z: 1 - a - e + i });
}

/** The vector rotated; the unit is kept. */
export function rotateVector(rotation: Quaternion, vector: Vector3): Vector3 {
  const [a, b, c, d, e, f, g, h, i] = quaternionToMatrix(rotation);
  const { x, y, z } = vector;
  return { x: a * x + b * y + c * z, y: d * x + e * y + f * z, z: g * x + h * y + i * z };
}

/** The angle in degrees, 0 to 180, of the rotation that leads from one orientation to the other. */
export function angleBetweenQuaternions(one: Quaternion, other: Quaternion): number {
  const cosine = Math.abs(one.w * other.w + one.x * other.x + one.y * other.y + one.z * other.z);
  return (360 / Math.PI) * Math.acos(Math.min(1, cosine));
}
