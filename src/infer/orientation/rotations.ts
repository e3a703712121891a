import { evenQuaternions, type Matrix3, quaternionToMatrix } from "../../volume/index.js";

/** `count` rotations spread evenly over all there are, as matrices: see `evenQuaternions`. */
export function evenRotations(count: number): Matrix3[] {
  return evenQuaternions(count).map((rotation) => quaternionToMatrix(rotation));
}
