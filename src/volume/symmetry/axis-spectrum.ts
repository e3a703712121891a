import { type Quaternion, quaternionFromAxisAngle } from "../quaternion.js";
import type { Vector3 } from "../volume.js";

/** What a map's self-correlation about an axis is made of: sums of `power[m] cos(m angle)`. */
export interface AxisSpectrum {
  /** Part of the map that is round about the axis: the same at any angle. */
  readonly axial: number;
  /** The self-correlation at an angle of what is not: 1 for a symmetry, 0 on the mean over all angles. */
  readonly beside: (degrees: number) => number;
}

/** Angles of half a turn: to what varies 60 times around. */
const STEPS = 60;
/** Angles of half a turn that tell what is round. */
const ROUND_STEPS = 24;
/** Where less than this of a map varies about an axis, what does is nothing but noise and interpolation. */
export const LEAST_VARYING = 0.05;

/** The spectrum about an axis of a self-correlation, which is the same at an angle and at its opposite. */
export function axisSpectrum(axis: Vector3, correlation: (rotation: Quaternion) => number): AxisSpectrum {
  const values = Array.from({ length: STEPS + 1 }, (_, i) =>
    correlation(quaternionFromAxisAngle(axis, (180 * i) / STEPS)),
  );
  const power = Float64Array.from({ length: STEPS + 1 }, (_, m) => {
    let sum = 0;
    for (let i = 0; i <= STEPS; i++) sum += ofEnd(i, STEPS) * values[i] * Math.cos((Math.PI * m * i) / STEPS);
    return (sum / STEPS) * (m === 0 || m === STEPS ? 1 : 2);
  });
  return {
    axial: power[0],
    beside(degrees) {
      let sum = power[0];
      for (let m = 1; m <= STEPS; m++) sum += power[m] * Math.cos((Math.PI * m * degrees) / 180);
      return partBeside(sum, power[0]);
    },
  };
}

/** In each band: the mean over rotations about an axis, of half a turn where the other half is the same. */
export function axialParts(
  axis: Vector3,
  byBand: (rotation: Quaternion) => ArrayLike<number>,
  degrees: 180 | 360 = 180,
): Float64Array {
  const steps = (ROUND_STEPS * degrees) / 180;
  let sums: Float64Array | undefined;
  for (let i = 0; i <= steps; i++) {
    const bands = byBand(quaternionFromAxisAngle(axis, (degrees * i) / steps));
    sums ??= new Float64Array(bands.length);
    for (let b = 0; b < bands.length; b++) sums[b] += (ofEnd(i, steps) * bands[b]) / steps;
  }
  return sums!;
}

/**
 * The correlation without a part that is round about an axis, so that it agrees whatever the rest shows: of the rest alone. `there` is the
 * part's own correlation, where a rotation does not leave it as it is.
 */
export function partBeside(correlation: number, part: number, there = part): number {
  return (correlation - there) / Math.max(LEAST_VARYING, 1 - part);
}

/** Of the trapezium rule. */
function ofEnd(i: number, steps: number): number {
  return i === 0 || i === steps ? 0.5 : 1;
}

/** The axis of a rotation, which must not be the identity. */
export function axisOf({ x, y, z }: Quaternion): Vector3 {
  const length = Math.hypot(x, y, z);
  return { x: x / length, y: y / length, z: z / length };
}
