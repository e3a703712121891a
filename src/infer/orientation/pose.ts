/** How a box lies beside a reference: found on the grid of rotations and shifts, then between its points. */
import type { Matrix3, Vector3 } from "../../volume/index.js";
import { band, COMPARED_EDGE } from "./band.js";
import { measuredFrequencies } from "./rotated.js";
import { createSampled, sampleTurned, type Turned } from "./sample-turned.js";
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
  readonly reference: Turned;
  readonly box: Float32Array;
  /** Those at which the box was measured. */
  readonly frequencies: readonly number[];
}

/** Halving steps of the search between the points of the grid. */
const STEPS = [
  { degrees: 8, voxels: 0.75 },
  { degrees: 4, voxels: 0.375 },
] as const;
const phases = shiftPhases(measuredFrequencies(undefined));
const RADIANS_PER_VOXEL = (2 * Math.PI) / COMPARED_EDGE;

/** Cosines and sines of the phases that a step along an axis adds. */
const stepPhases = STEPS.map(({ voxels }) =>
  [band.x, band.y, band.z].map((along) => {
    const radians = Array.from(along, (k) => RADIANS_PER_VOXEL * voxels * k);
    return { cosines: Float64Array.from(radians, Math.cos), sines: Float64Array.from(radians, Math.sin) };
  }),
);
/** The box, moved; the turned reference as it is best, and as it is tried. */
const [movedReal, movedImaginary] = [new Float64Array(band.count), new Float64Array(band.count)];
let [best, tried] = [createSampled(), createSampled()];

/** The pose near one of the rotations of the grid, at the best of the grid's shifts, that correlates most. */
export function poseNear(compared: Compared, start: Matrix3): Pose {
  let rotation = start;
  const first = bestShift(compared, rotation);
  const shift = [first.x, first.y, first.z];
  move(compared, first);
  let { correlation, lengths } = turnedTo(compared, rotation);
  [best, tried] = [tried, best];
  for (const [step, { degrees, voxels }] of STEPS.entries())
    for (const axis of [0, 1, 2] as const) {
      for (const way of [1, -1]) {
        const rotated = turned(rotation, axis, way * degrees);
        const found = turnedTo(compared, rotated);
        if (!(found.correlation > correlation)) continue;
        rotation = rotated;
        ({ correlation, lengths } = found);
        [best, tried] = [tried, best];
        break;
      }
      const phase = stepPhases[step][axis];
      for (const way of [1, -1]) {
        const found = movedBy(compared, phase, way) / lengths;
        if (!(found > correlation)) continue;
        correlation = found;
        shift[axis] += way * voxels;
        moveOn(compared, phase, way);
        break;
      }
    }
  return { rotation, shiftVoxels: { x: shift[0], y: shift[1], z: shift[2] }, correlation };
}

function move({ box, frequencies }: Compared, { x, y, z }: Vector3): void {
  for (const k of frequencies) {
    const phase = RADIANS_PER_VOXEL * (x * band.x[k] + y * band.y[k] + z * band.z[k]);
    const [cosine, sine] = [Math.cos(phase), Math.sin(phase)];
    movedReal[k] = box[k] * cosine - box[band.count + k] * sine;
    movedImaginary[k] = box[k] * sine + box[band.count + k] * cosine;
  }
}

type StepPhases = (typeof stepPhases)[number][number];

/** The moved box by a step further, one way or the other. */
function moveOn({ frequencies }: Compared, { cosines, sines }: StepPhases, way: number): void {
  for (const k of frequencies) {
    const [real, imaginary, sine] = [movedReal[k], movedImaginary[k], way * sines[k]];
    movedReal[k] = real * cosines[k] - imaginary * sine;
    movedImaginary[k] = real * sine + imaginary * cosines[k];
  }
}

/** The product of the reference, as it is best, with the box moved by a step further. */
function movedBy({ frequencies }: Compared, { cosines, sines }: StepPhases, way: number): number {
  let product = 0;
  for (const k of frequencies) {
    const [real, imaginary] = [best.real[k], best.imaginary[k]];
    const even = real * movedReal[k] + imaginary * movedImaginary[k];
    const odd = imaginary * movedReal[k] - real * movedImaginary[k];
    product += even * cosines[k] + way * odd * sines[k];
  }
  return product;
}

/** Turns the reference, in place of what was tried before, and says how it correlates with the moved box. */
function turnedTo(
  { reference, frequencies }: Compared,
  rotation: Matrix3,
): { readonly correlation: number; readonly lengths: number } {
  sampleTurned(reference, rotation, frequencies, tried);
  const { real, imaginary } = tried;
  let product = 0;
  let ofReference = 0;
  let ofBox = 0;
  for (const k of frequencies) {
    const power = real[k] * real[k] + imaginary[k] * imaginary[k];
    if (power === 0) continue;
    product += real[k] * movedReal[k] + imaginary[k] * movedImaginary[k];
    ofReference += power;
    ofBox += movedReal[k] * movedReal[k] + movedImaginary[k] * movedImaginary[k];
  }
  const lengths = Math.sqrt(ofReference * ofBox);
  return { correlation: lengths > 0 ? product / lengths : 0, lengths: lengths || 1 };
}

/** The best of the grid's shifts. */
export function bestShift({ reference, box, frequencies }: Compared, rotation: Matrix3): Vector3 {
  sampleTurned(reference, rotation, frequencies, tried);
  const { real, imaginary } = tried;
  const sums = new Float64Array(shiftsVoxels.length);
  for (const k of frequencies) {
    const boxReal = box[k];
    const boxImaginary = box[band.count + k];
    const even = real[k] * boxReal + imaginary[k] * boxImaginary;
    const odd = imaginary[k] * boxReal - real[k] * boxImaginary;
    const first = 2 * k * sums.length;
    for (let i = 0; i < sums.length; i++) sums[i] += even * phases[first + 2 * i] + odd * phases[first + 2 * i + 1];
  }
  return shiftsVoxels[sums.indexOf(sums.reduce((most, sum) => Math.max(most, sum)))];
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
