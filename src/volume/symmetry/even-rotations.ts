import type { Quaternion } from "../quaternion.js";

/** The solution of psi^4 = psi + 4. */
const PSI = 1.533751168755204;

/**
 * `count` rotations spread evenly over all there are: super-Fibonacci spirals (Alexa 2022, "Super-Fibonacci Spirals: Fast,
 * Low-Discrepancy Sampling of SO(3)"). 600 leave none farther than about 25 degrees from the nearest.
 */
export function evenQuaternions(count: number): Quaternion[] {
  return Array.from({ length: count }, (_, i) => {
    const s = i + 0.5;
    const [radius, rest] = [Math.sqrt(s / count), Math.sqrt(1 - s / count)];
    const [alpha, beta] = [(2 * Math.PI * s) / Math.SQRT2, (2 * Math.PI * s) / PSI];
    return {
      x: radius * Math.sin(alpha),
      y: radius * Math.cos(alpha),
      z: rest * Math.sin(beta),
      w: rest * Math.cos(beta),
    };
  });
}
