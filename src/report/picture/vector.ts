import type { Vector3 } from "../../volume/index.js";

export function dot(a: Vector3, b: Vector3): number {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

export function cross(a: Vector3, b: Vector3): Vector3 {
  return { x: a.y * b.z - a.z * b.y, y: a.z * b.x - a.x * b.z, z: a.x * b.y - a.y * b.x };
}

/** The direction of a vector, with length one. */
export function unit(v: Vector3): Vector3 {
  const length = Math.sqrt(dot(v, v));
  return { x: v.x / length, y: v.y / length, z: v.z / length };
}
