import { multiplyQuaternions, NO_TURN, type Quaternion } from "../quaternion.js";

/** Cosines of half the angle between rotations nearer to 1 than this are of the same rotation: 0.16 degrees apart. */
const SAME = 1 - 1e-6;

/** Every product of the given rotations, the identity first. They must generate a finite group. */
export function closure(generators: readonly Quaternion[]): Quaternion[] {
  const elements = [NO_TURN];
  for (let i = 0; i < elements.length; i++)
    for (const generator of generators) {
      const product = multiplyQuaternions(elements[i], generator);
      if (!elements.some((element) => Math.abs(dot(element, product)) > SAME)) elements.push(product);
    }
  return elements;
}

function dot(one: Quaternion, other: Quaternion): number {
  return one.w * other.w + one.x * other.x + one.y * other.y + one.z * other.z;
}
