/** Averages of boxes that are turned onto each other, at the compared frequencies: enough to tell complexes apart, no maps to look at. */
import { throwIfAborted } from "../../errors.js";
import type { OnnxRuntime } from "../../runtime/index.js";
import type { Matrix3 } from "../../volume/index.js";
import { borrowMemory } from "../../wasm/index.js";
import { band, COMPARED_EDGE } from "./band.js";
import { blocksOf, type Correlator, createCorrelator } from "./correlator.js";
import { createPaddedTransform, FINE_LENGTH, sampleFine, TRANSFORM_LENGTH } from "./padded-transform.js";
import { bestShift, type Compared, type Pose, poseNear } from "./pose.js";
import { createReshaper, shellProfile } from "./reshape.js";
import { before, isMeasured, measuredFrequencies } from "./rotated.js";
import { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";

/** Makes averages and compares with them; `await using` it, or dispose of it. */
export interface Averager extends AsyncDisposable {
  /** Of boxes in the pose of the first; frequencies that none of them has are zero. @throws ModelError, AbortError. */
  average(boxes: readonly Float32Array[]): Promise<Float32Array>;
  /** The correlation of an average with others in their best poses. @throws ModelError, AbortError. */
  likeness(average: Float32Array, others: readonly Float32Array[]): Promise<number[]>;
  /** The same with boxes. @throws ModelError, AbortError. */
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
  const borrowed = borrowMemory(FLOAT_BYTES * (TRANSFORM_LENGTH + FINE_LENGTH));
  const transformInto = createPaddedTransform(borrowed.memory, 0);
  const transform = (box: Float32Array): Float32Array => {
    transformInto(box, TRANSFORM_LENGTH);
    return new Float32Array(borrowed.memory.buffer, FLOAT_BYTES * TRANSFORM_LENGTH, FINE_LENGTH).slice();
  };
  const sampled = new Float64Array(2);

  /** The best rotation of the grid for each of `others` beside the reference, and what tells more of their poses. */
  async function turnedOnto(
    correlator: Correlator,
    reference: Float32Array,
    others: readonly Float32Array[],
    referenceTiltDegrees: number | undefined,
  ): Promise<{ readonly rotation: Matrix3; readonly compared: Compared }[]> {
    if (others.length === 0) return [];
    correlator.turn([reference]);
    const rows = correlator.rowsOf(others.length, (i) => others[i]);
    const fine = transform(reference);
    const { frequencies, rotations } = correlator;
    const found: { rotation: Matrix3; compared: Compared }[] = [];
    for (const { chosen, size } of blocksOf(Int32Array.from(others.keys()))) {
      throwIfAborted(signal);
      const correlations = await correlator.correlate({ rows, chosen, size }, 0, 1);
      for (const [column, i] of chosen.entries()) {
        let best = 0;
        for (let r = 1; r < rotations.length; r++)
          if (correlations[r * size + column] > correlations[best * size + column]) best = r;
        const compared = { fine, referenceTiltDegrees, box: others[i], frequencies };
        found.push({ rotation: rotations[best], compared });
      }
    }
    return found;
  }

  /** The correlation of each of `others` with an average. */
  async function fitsOf(correlator: Correlator, average: Float32Array, others: readonly Float32Array[]) {
    const found = await turnedOnto(correlator, average, others, undefined);
    return found.map(({ rotation, compared }) => poseNear(compared, rotation).correlation);
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
    const back: Matrix3 = [a, d, g, b, e, h, c, f, i];
    for (let k = 0; k < band.count; k++) {
      const [x, y, z] = before(back, k);
      if (!isMeasured(x, z, tiltDegrees)) continue;
      sampleFine(fine, x, y, z, sampled);
      const phase = RADIANS_PER_VOXEL * (shift.x * x + shift.y * y + shift.z * z);
      const [cosine, sine] = [Math.cos(phase), Math.sin(phase)];
      sum[k] += sampled[0] * cosine - sampled[1] * sine;
      sum[band.count + k] += sampled[0] * sine + sampled[1] * cosine;
      counts[k]++;
    }
  }

  return {
    async average(given) {
      const members = given.map(boxOf);
      const [first, ...others] = members;
      const found = [{ rotation: UNTURNED, shiftVoxels: { x: 0, y: 0, z: 0 } }];
      for (const { rotation, compared } of await turnedOnto(boxes.get(), first, others, tiltDegrees))
        found.push({ rotation, shiftVoxels: bestShift(compared, rotation) });
      // Beside all of them each lies better than beside the first alone.
      const transforms = members.map((member) => transform(member));
      const fine = transform(sumOf(transforms, found));
      const poses = members.map((box, i) =>
        poseNear({ fine, referenceTiltDegrees: undefined, box, frequencies: measured }, found[i].rotation),
      );
      return sumOf(transforms, poses);
    },
    likeness: (average, others) => fitsOf(averages.get(), average, others),
    fits: (average, given) => fitsOf(boxesOnAverages.get(), average, given.map(boxOf)),
    async [Symbol.asyncDispose]() {
      borrowed[Symbol.dispose]();
      for (const correlator of [boxes, boxesOnAverages, averages]) await correlator[Symbol.asyncDispose]();
    },
  };
}

/** Zero at all other frequencies. */
function only(frequencies: readonly number[], spectrum: Float32Array): Float32Array {
  const kept = new Float32Array(SPECTRUM_LENGTH);
  for (const k of frequencies) for (const at of [k, band.count + k]) kept[at] = spectrum[at];
  return kept;
}
