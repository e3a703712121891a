import type { Quaternion } from "../../volume/index.js";

const SQRT_2 = Math.SQRT2;
/** The real root of psi^4 = psi + 4: of the spirals tried by Alexa, the most even. */
const PSI = 1.533751168755204;

/**
 * This many rotations spread evenly over all of them: super-Fibonacci spirals (Alexa, CVPR 2022). Neighbours among 500 are
 * about 31 degrees apart.
 */
export function evenRotations(count: number): Quaternion[] {
  return Array.from({ length: count }, (_, index): Quaternion => {
    const s = index + 0.5;
    const [inner, outer] = [Math.sqrt(s / count), Math.sqrt(1 - s / count)];
    const [alpha, beta] = [(2 * Math.PI * s) / SQRT_2, (2 * Math.PI * s) / PSI];
    return {
      w: inner * Math.sin(alpha),
      x: inner * Math.cos(alpha),
      y: outer * Math.sin(beta),
      z: outer * Math.cos(beta),
    };
  });
}
