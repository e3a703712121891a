/** Averages of boxes that are turned onto each other, at the compared frequencies: enough to tell complexes apart, no maps to look at. */
import { throwIfAborted } from "../../errors.js";
import type { OnnxRuntime } from "../../runtime/index.js";
import type { Matrix3 } from "../../volume/index.js";
import { borrowMemory } from "../../wasm/index.js";
import { band, COMPARED_EDGE } from "./band.js";
import { blocksOf, type Correlator, createCorrelator } from "./correlator.js";
import { createPaddedTransform, FINE_LENGTH, TRANSFORM_LENGTH } from "./padded-transform.js";
import { bestShift, type Pose, poseNear } from "./pose.js";
import { createReshaper, shellProfile } from "./reshape.js";
import { measuredFrequencies } from "./rotated.js";
import { createSampled, sampleTurned } from "./sample-turned.js";
import { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";

/** Makes averages and compares with them; `await using` it, or dispose of it. */
export interface Averager extends AsyncDisposable {
  /** Of boxes in the pose of the first; frequencies that none of them has are zero. @throws ModelError, AbortError. */
  average(boxes: readonly Float32Array[]): Promise<Float32Array>;
  /**
   * The correlation of each of some averages with others in their best poses; of those that are unlike on the grid of poses, as it is
   * there. @throws ModelError, AbortError.
   */
  likeness(averages: readonly Float32Array[], others: readonly Float32Array[]): Promise<number[][]>;
  /** The correlation of an average with boxes in their best poses. @throws ModelError, AbortError. */
  fits(average: Float32Array, boxes: readonly Float32Array[]): Promise<number[]>;
}

/** @param typical boxes of the kind that is averaged: shells count by their power, see `OrientationComparer` */
export type OpenAverager = (typical: Spectra) => Promise<Averager>;

interface AveragerOptions {
  /** Maximum tilt angle about y, the beam along z; undefined where no frequencies are missing. */
  readonly tiltDegrees: number | undefined;
  readonly typical: Spectra;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Placed = Omit<Pose, "correlation">;
type GridPose = Omit<Pose, "shiftVoxels">;

/** Between the points of the grid averages correlate by .04 to .12 more, by .25 at most: these are of two complexes. */
const UNLIKE = 0.4;

const RADIANS_PER_VOXEL = (2 * Math.PI) / COMPARED_EDGE;
const FLOAT_BYTES = 4;
const UNTURNED: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** @throws ModelError when ONNX Runtime cannot run the comparison. */
export async function createAverager(
  runtime: OnnxRuntime,
  { tiltDegrees, typical, threads, signal }: AveragerOptions,
): Promise<Averager> {
  const correlatorOf = (boxTilt: number | undefined, referenceTilt: number | undefined) => {
    const options = { tiltDegrees: boxTilt, referenceTiltDegrees: referenceTilt, everyRotation: true, threads };
    let made: Correlator | undefined;
    const get = () => {
      made ??= createCorrelator(runtime, options);
      return made;
    };
    return { get, [Symbol.asyncDispose]: async () => await made?.[Symbol.asyncDispose]() };
  };
  // A box lies beside a box, a box beside an average, an average beside an average.
  const boxes = correlatorOf(tiltDegrees, tiltDegrees);
  const boxesOnAverages = correlatorOf(tiltDegrees, undefined);
  const averages = correlatorOf(undefined, undefined);
  const [measured, all] = [measuredFrequencies(tiltDegrees), measuredFrequencies(undefined)];
  const profile = shellProfile(typical);
  const [reshapeBox, reshapeAverage] = [createReshaper(measured, profile), createReshaper(all, profile)];
  const boxOf = (spectrum: Float32Array) => only(measured, reshapeBox(spectrum));
  const transforms = createTransforms();
  const sampled = createSampled();

  /** The best rotation of the grid for each of `others` beside each reference, and how both correlate there. */
  async function turnedOnto(
    correlator: Correlator,
    references: readonly Float32Array[],
    others: readonly Float32Array[],
  ): Promise<GridPose[][]> {
    if (others.length === 0) return references.map(() => []);
    correlator.turn(references);
    const rows = correlator.rowsOf(others.length, (i) => others[i]);
    const { rotations } = correlator;
    const found = references.map((): GridPose[] => []);
    for (const { chosen, size } of blocksOf(Int32Array.from(others.keys()))) {
      throwIfAborted(signal);
      const correlations = await correlator.correlate({ rows, chosen, size }, 0, references.length);
      for (const [reference, poses] of found.entries())
        for (let column = 0; column < chosen.length; column++) {
          let best = reference * rotations.length * size + column;
          for (let r = 1, at = best + size; r < rotations.length; r++, at += size)
            if (correlations[at] > correlations[best]) best = at;
          const rotation = rotations[Math.floor(best / size) % rotations.length];
          poses.push({ rotation, correlation: correlations[best] });
        }
    }
    return found;
  }

  /** The correlation of each of `others` with each average. */
  async function fitsOf(
    correlator: Correlator,
    averages: readonly Float32Array[],
    others: readonly Float32Array[],
    least = Number.NEGATIVE_INFINITY,
  ): Promise<number[][]> {
    const { frequencies } = correlator;
    const found = await turnedOnto(correlator, averages, others);
    return found.map((poses, i) => {
      const reference = { fine: transforms.of(averages[i], 0), tiltDegrees: undefined };
      return poses.map(({ rotation, correlation }, k) =>
        correlation < least ? correlation : poseNear({ reference, box: others[k], frequencies }, rotation).correlation,
      );
    });
  }

  /** Of members, by their padded transforms. */
  function sumOf(members: readonly Float32Array[], poses: readonly Placed[]): Float32Array {
    const sum = new Float32Array(SPECTRUM_LENGTH);
    const counts = new Float32Array(band.count);
    for (const [i, member] of members.entries()) addTurnedBack(sum, counts, member, poses[i]);
    for (let k = 0; k < SPECTRUM_LENGTH; k++) sum[k] /= Math.max(1, counts[k % band.count]);
    return reshapeAverage(sum);
  }

  function addTurnedBack(sum: Float32Array, counts: Float32Array, fine: Float32Array, pose: Placed): void {
    const { rotation, shiftVoxels: shift } = pose;
    const [a, b, c, d, e, f, g, h, i] = rotation;
    sampleTurned({ fine, tiltDegrees }, [a, d, g, b, e, h, c, f, i], all, sampled);
    const { real, imaginary } = sampled;
    // Frequencies are those of the average: the shift, too, is turned back.
    const x = RADIANS_PER_VOXEL * (a * shift.x + d * shift.y + g * shift.z);
    const y = RADIANS_PER_VOXEL * (b * shift.x + e * shift.y + h * shift.z);
    const z = RADIANS_PER_VOXEL * (c * shift.x + f * shift.y + i * shift.z);
    for (const k of all) {
      if (real[k] === 0 && imaginary[k] === 0) continue;
      const phase = x * band.x[k] + y * band.y[k] + z * band.z[k];
      const cosine = Math.cos(phase);
      const sine = Math.sin(phase);
      sum[k] += real[k] * cosine - imaginary[k] * sine;
      sum[band.count + k] += real[k] * sine + imaginary[k] * cosine;
      counts[k]++;
    }
  }

  return {
    async average(given) {
      const members = given.map(boxOf);
      const [first, ...others] = members;
      const [found] = await turnedOnto(boxes.get(), [first], others);
      const fines = members.map((member, i) => transforms.of(member, i));
      const beside = { reference: { fine: fines[0], tiltDegrees }, frequencies: measured };
      const onFirst = found.map(({ rotation }, i) => ({
        rotation,
        shiftVoxels: bestShift({ ...beside, box: others[i] }, rotation),
      }));
      const placed = [{ rotation: UNTURNED, shiftVoxels: { x: 0, y: 0, z: 0 } }, ...onFirst];
      // Beside all of them each lies better than beside the first alone.
      const reference = { fine: transforms.of(sumOf(fines, placed), members.length), tiltDegrees: undefined };
      const poses = members.map((box, i) => poseNear({ reference, box, frequencies: measured }, placed[i].rotation));
      return sumOf(fines, poses);
    },
    likeness: (some, others) => fitsOf(averages.get(), some, others, UNLIKE),
    fits: async (average, given) => (await fitsOf(boxesOnAverages.get(), [average], given.map(boxOf)))[0],
    async [Symbol.asyncDispose]() {
      transforms[Symbol.dispose]();
      for (const correlator of [boxes, boxesOnAverages, averages]) await correlator[Symbol.asyncDispose]();
    },
  };
}

/** Padded transforms in a memory of their own, each until another takes its place. */
function createTransforms() {
  const slots: Float32Array[] = [];
  const borrowed = borrowMemory(FLOAT_BYTES * (TRANSFORM_LENGTH + FINE_LENGTH));
  const transform = createPaddedTransform(borrowed.memory, 0);
  const made = new Float32Array(borrowed.memory.buffer, FLOAT_BYTES * TRANSFORM_LENGTH, FINE_LENGTH);
  return {
    of(box: Float32Array, slot: number): Float32Array {
      transform(box, TRANSFORM_LENGTH);
      slots[slot] ??= new Float32Array(FINE_LENGTH);
      slots[slot].set(made);
      return slots[slot];
    },
    [Symbol.dispose]: () => borrowed[Symbol.dispose](),
  };
}

/** Zero at all other frequencies. */
function only(frequencies: readonly number[], spectrum: Float32Array): Float32Array {
  const kept = new Float32Array(SPECTRUM_LENGTH);
  for (const k of frequencies) for (const at of [k, band.count + k]) kept[at] = spectrum[at];
  return kept;
}
