/** How a box lies beside a reference: found on the grid of rotations and shifts, then between its points. */
import type { Matrix3, Vector3 } from "../../volume/index.js";
import { band, COMPARED_EDGE } from "./band.js";
import { sampleFine } from "./padded-transform.js";
import { isMeasured, measuredFrequencies } from "./rotated.js";
import { shiftPhases, shiftsVoxels } from "./shifted.js";

/** A box, moved by the shift, is the reference, rotated. */
export interface Pose {
  readonly rotation: Matrix3;
  readonly shiftVoxels: Vector3;
  /** Normalised, at the frequencies that were measured in both. */
  readonly correlation: number;
}

/** What is turned, and what lies beside it. */
export interface Compared {
  /** The reference's padded transform. */
  readonly fine: Float32Array;
  /** Maximum tilt angle of the reference; undefined where no frequencies are missing. */
  readonly referenceTiltDegrees: number | undefined;
  readonly box: Float32Array;
  /** Those at which the box was measured. */
  readonly frequencies: readonly number[];
}

/** Halving steps of the search between the points of the grid. */
const STEPS = [
  { degrees: 8, voxels: 0.75 },
  { degrees: 4, voxels: 0.375 },
] as const;
/** Times that a step is tried along every axis, as long as it helps. */
const TRIES = 2;
const phases = shiftPhases(measuredFrequencies(undefined));
const RADIANS_PER_VOXEL = (2 * Math.PI) / COMPARED_EDGE;

/** The pose near one of the rotations of the grid, at the best of the grid's shifts, that correlates most. */
export function poseNear(compared: Compared, rotation: Matrix3): Pose {
  let best = correlated(compared, rotation, bestShift(compared, rotation));
  for (const { degrees, voxels } of STEPS)
    for (let round = 0, moved = true; round < TRIES && moved; round++) {
      const start = best;
      for (const axis of [0, 1, 2] as const) {
        const around = [degrees, -degrees].map((angle) => turned(best.rotation, axis, angle));
        best = better(best, around, (rotated) => correlated(compared, rotated, best.shiftVoxels));
        const along = [voxels, -voxels].map((way) => moved3(best.shiftVoxels, axis, way));
        best = better(best, along, (shift) => correlated(compared, best.rotation, shift));
      }
      moved = best !== start;
    }
  return best;
}

/** The first of two ways that is better; not the second, where the first is. */
function better<T>(best: Pose, ways: readonly T[], poseOf: (way: T) => Pose): Pose {
  for (const way of ways) {
    const pose = poseOf(way);
    if (pose.correlation > best.correlation) return pose;
  }
  return best;
}

function correlated(compared: Compared, rotation: Matrix3, shiftVoxels: Vector3): Pose {
  const { x, y, z } = shiftVoxels;
  let [product, ofReference, ofBox] = [0, 0, 0];
  forEachCommon(compared, rotation, (k, real, imaginary, boxReal, boxImaginary) => {
    const phase = RADIANS_PER_VOXEL * (x * band.x[k] + y * band.y[k] + z * band.z[k]);
    const [cosine, sine] = [Math.cos(phase), Math.sin(phase)];
    product += real * (boxReal * cosine - boxImaginary * sine) + imaginary * (boxReal * sine + boxImaginary * cosine);
    ofReference += real * real + imaginary * imaginary;
    ofBox += boxReal * boxReal + boxImaginary * boxImaginary;
  });
  const lengths = Math.sqrt(ofReference * ofBox);
  return { rotation, shiftVoxels, correlation: lengths > 0 ? product / lengths : 0 };
}

/** The best of the grid's shifts. */
export function bestShift(compared: Compared, rotation: Matrix3): Vector3 {
  const sums = new Float64Array(shiftsVoxels.length);
  forEachCommon(compared, rotation, (k, real, imaginary, boxReal, boxImaginary) => {
    const [even, odd] = [real * boxReal + imaginary * boxImaginary, imaginary * boxReal - real * boxImaginary];
    const first = 2 * k * sums.length;
    for (let i = 0; i < sums.length; i++) sums[i] += even * phases[first + 2 * i] + odd * phases[first + 2 * i + 1];
  });
  return shiftsVoxels[sums.indexOf(sums.reduce((most, sum) => Math.max(most, sum)))];
}

const sampled = new Float64Array(2);

/** Calls with the rotated reference and the box at each frequency that was measured in both. */
function forEachCommon(
  { fine, referenceTiltDegrees, box, frequencies }: Compared,
  rotation: Matrix3,
  visit: (k: number, real: number, imaginary: number, boxReal: number, boxImaginary: number) => void,
): void {
  const [a, b, c, d, e, f, g, h, i] = rotation;
  for (const k of frequencies) {
    const kx = band.x[k];
    const ky = band.y[k];
    const kz = band.z[k];
    // Where the frequency was before the rotation.
    const x = a * kx + d * ky + g * kz;
    const z = c * kx + f * ky + i * kz;
    if (!isMeasured(x, z, referenceTiltDegrees)) continue;
    sampleFine(fine, x, b * kx + e * ky + h * kz, z, sampled);
    visit(k, sampled[0], sampled[1], box[k], box[band.count + k]);
  }
}

/** Rotated further about an axis of the box. */
function turned(rotation: Matrix3, axis: 0 | 1 | 2, degrees: number): Matrix3 {
  const [cosine, sine] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [first, second] = [(axis + 1) % 3, (axis + 2) % 3];
  const result = [...rotation] as [...Matrix3];
  for (let column = 0; column < 3; column++) {
    const [a, b] = [rotation[3 * first + column], rotation[3 * second + column]];
    result[3 * first + column] = cosine * a - sine * b;
    result[3 * second + column] = sine * a + cosine * b;
  }
  return result;
}

function moved3({ x, y, z }: Vector3, axis: 0 | 1 | 2, voxels: number): Vector3 {
  return { x: x + (axis === 0 ? voxels : 0), y: y + (axis === 1 ? voxels : 0), z: z + (axis === 2 ? voxels : 0) };
}
