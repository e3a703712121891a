/** How alike boxes are when each is turned and moved onto the other as well as it can be. */
import { throwIfAborted } from "../../errors.js";
import { encodeCorrelation, LARGEST_OF_QUERY, LARGEST_OF_REFERENCE } from "../../model/index.js";
import { createSession, type OnnxRuntime, type Session } from "../../runtime/index.js";
import type { Vector3 } from "../../volume/index.js";
import { band, COMPARED_EDGE } from "./band.js";
import { commonFrequencies, createTurner, measuredFrequencies } from "./rotated.js";
import { evenRotations } from "./rotations.js";
import { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";

export interface OrientationComparerOptions {
  /** Maximum tilt angle about y, the beam along z; undefined where no frequencies are missing. */
  readonly tiltDegrees: number | undefined;
  /** Boxes of the kind that are compared: shells count by the square root of their mean power. */
  readonly typical: Spectra;
  readonly threads?: number | undefined;
}

export interface CompareOptions {
  /** Called with the number of references done. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** `await using` it, or dispose of it. */
export interface OrientationComparer extends AsyncDisposable {
  /** What correlations depend on besides the spectra: comparers of the same kind give the same. */
  readonly kind: string;
  /**
   * The highest normalised correlation of each query with each reference over 600 rotations and 33 shifts of up to 3 voxels, at
   * the frequencies that were measured in both: `[queries, references]`. Costs 13 million multiply-adds a pair
   * at 60 degrees, in integers of 8 bits, and 1 ms a reference.
   * @throws ModelError, AbortError.
   */
  compare(queries: Spectra, references: Spectra, options?: CompareOptions): Promise<Float32Array>;
}

const ROTATIONS = 600;
const SHIFT_STEP_VOXELS = 1.5;
const LARGEST_SHIFT_STEPS = 2;
/** Boxes of one run: enough for matrix products at full speed, few megabytes of products; fewer where few are compared. */
const [QUERIES, FEW_QUERIES] = [32, 4] as const;
/** References of one run, at most. */
const REFERENCES = 4;

/** @throws ModelError when ONNX Runtime cannot run the comparison. */
export async function createOrientationComparer(
  runtime: OnnxRuntime,
  { tiltDegrees, typical, threads }: OrientationComparerOptions,
): Promise<OrientationComparer> {
  const rotations = evenRotations(ROTATIONS);
  // What was not measured in the boxes adds nothing to any product.
  const frequencies = measuredFrequencies(tiltDegrees);
  const common = commonFrequencies(rotations, frequencies, tiltDegrees);
  const shifts = evenShifts();
  const phases = shiftPhases(shifts, frequencies);
  /** One for each size of a block that was met, made when it is. */
  const sessions = new Map<string, Promise<Session>>();
  const sessionFor = (queries: number, references: number): Promise<Session> => {
    const size = `${queries} x ${references}`;
    const config = { queries, references, rotations: ROTATIONS, common, phases, shifts: shifts.length };
    const session = sessions.get(size) ?? createSession(runtime, encodeCorrelation(config), { threads });
    sessions.set(size, session);
    return session;
  };
  const profile = shellProfile(typical);
  // How a box was imaged and how noisy it is differ from box to box, and are no part of what is compared.
  const reshaped = createReshaper(frequencies, profile);
  const turning = { rotations, frequencies, factors: common, largest: LARGEST_OF_REFERENCE, references: REFERENCES };
  const turner = createTurner(turning);
  const width = 2 * frequencies.length;
  return {
    kind: JSON.stringify([tiltDegrees, ...profile]),
    async [Symbol.asyncDispose]() {
      turner[Symbol.dispose]();
      for (const session of sessions.values()) await (await session).release();
    },
    async compare(queries, references, { onProgress, signal } = {}) {
      const [boxes, columns] = [queries.length / SPECTRUM_LENGTH, references.length / SPECTRUM_LENGTH];
      const blockSize = boxes <= FEW_QUERIES ? FEW_QUERIES : QUERIES;
      const blocks = queryBlocks(queries, { frequencies, reshaped, blockSize });
      const result = new Float32Array(boxes * columns);
      for (let first = 0; first < columns; first += REFERENCES) {
        onProgress?.(first, columns);
        const count = Math.min(REFERENCES, columns - first);
        const session = await sessionFor(blockSize, count);
        for (let i = 0; i < count; i++) turner.turn(reshaped(rowOf(references, first + i)), i);
        const inputs = {
          references: { data: rowOf(turner.rows, 0, count * ROTATIONS * width), shape: [count * ROTATIONS, width] },
          lengths: { data: rowOf(turner.lengths, 0, count * ROTATIONS), shape: [count, ROTATIONS, 1] },
        };
        for (const [block, data] of blocks.entries()) {
          throwIfAborted(signal);
          const { correlation } = await session.run({ ...inputs, queries: { data, shape: [width, blockSize] } });
          const start = block * blockSize;
          for (let i = 0; i < count; i++)
            for (let box = start; box < Math.min(boxes, start + blockSize); box++)
              result[box * columns + first + i] = correlation.data[i * blockSize + box - start];
        }
      }
      onProgress?.(columns, columns);
      return result;
    },
  };
}

const rowOf = (rows: Float32Array, index: number, length = SPECTRUM_LENGTH): Float32Array =>
  rows.subarray(index * length, (index + 1) * length);

/**
 * Boxes as the comparison takes them, `[2 * frequencies, blockSize]` each, filled up with zeros to whole blocks: reshaped, and
 * their largest amplitude the largest that there may be. How large they are as a whole has no part in a correlation.
 */
function queryBlocks(
  queries: Spectra,
  {
    frequencies,
    reshaped,
    blockSize,
  }: {
    readonly frequencies: readonly number[];
    readonly reshaped: (spectrum: Spectra) => Float32Array;
    readonly blockSize: number;
  },
): Float32Array[] {
  const boxes = queries.length / SPECTRUM_LENGTH;
  const blocks = Array.from(
    { length: Math.ceil(boxes / blockSize) },
    () => new Float32Array(2 * frequencies.length * blockSize),
  );
  for (let box = 0; box < boxes; box++) {
    const spectrum = reshaped(rowOf(queries, box));
    let largest = 0;
    for (const k of frequencies) largest = Math.max(largest, spectrum[k] ** 2 + spectrum[band.count + k] ** 2);
    const scale = largest > 0 ? LARGEST_OF_QUERY / Math.sqrt(largest) : 0;
    const block = blocks[Math.floor(box / blockSize)];
    let at = box % blockSize;
    for (const k of frequencies) {
      block[at] = scale * spectrum[k];
      block[at + frequencies.length * blockSize] = scale * spectrum[band.count + k];
      at += blockSize;
    }
  }
  return blocks;
}

/** Shifts on a grid within a ball, in its steps. */
function evenShifts(): Vector3[] {
  const steps = Array.from({ length: 2 * LARGEST_SHIFT_STEPS + 1 }, (_, i) => i - LARGEST_SHIFT_STEPS);
  return steps
    .flatMap((x) => steps.flatMap((y) => steps.map((z) => ({ x, y, z }))))
    .filter(({ x, y, z }) => Math.hypot(x, y, z) <= LARGEST_SHIFT_STEPS);
}

/** `[frequencies, shifts]`. */
function shiftPhases(shifts: readonly Vector3[], frequencies: readonly number[]): Float32Array {
  const radians = (2 * Math.PI * SHIFT_STEP_VOXELS) / COMPARED_EDGE;
  return Float32Array.from(
    frequencies.flatMap((k) => shifts.map(({ x, y, z }) => radians * (x * band.x[k] + y * band.y[k] + z * band.z[k]))),
  );
}

/** Values of a profile are rounded to so many steps an octave: a few boxes more or less then change none of them. */
const PROFILE_STEPS = 16;

/**
 * The amplitude that every box is given in each shell: the fourth root of the mean power, that of the lowest shell 1. So shells count
 * half of the way between as they are and all alike.
 */
function shellProfile(spectra: Spectra): number[] {
  const power = shellPower(spectra);
  const lowest = power.find((value, shell) => shell > 0 && value > 0) ?? 1;
  return power.map((value) =>
    value > 0 ? 2 ** (Math.round((PROFILE_STEPS / 4) * Math.log2(value / lowest)) / PROFILE_STEPS) : 0,
  );
}

/** Mean power of each shell, zero frequency first. */
function shellPower(spectra: Spectra): number[] {
  const shells = 1 + band.shell.reduce((largest, shell) => Math.max(largest, shell), 0);
  const power = new Array<number>(shells).fill(0);
  const counts = new Array<number>(shells).fill(0);
  for (let at = 0; at < spectra.length; at++) {
    const shell = band.shell[(at % SPECTRUM_LENGTH) % band.count];
    power[shell] += spectra[at] ** 2;
    counts[shell]++;
  }
  return power.map((sum, shell) => (counts[shell] > 0 ? sum / counts[shell] : 0));
}

/** Gives boxes, at the frequencies that were measured, the power of each shell that a profile states. */
function createReshaper(frequencies: readonly number[], profile: readonly number[]) {
  const counts = new Float64Array(profile.length);
  for (const k of frequencies) counts[band.shell[k]]++;
  return (spectrum: Spectra): Float32Array => {
    const power = new Float64Array(profile.length);
    for (const k of frequencies) power[band.shell[k]] += spectrum[k] ** 2 + spectrum[band.count + k] ** 2;
    const factors = power.map((sum, shell) => (sum > 0 ? profile[shell] / Math.sqrt(sum / counts[shell]) : 0));
    const shaped = new Float32Array(SPECTRUM_LENGTH);
    for (let k = 0; k < band.count; k++) {
      shaped[k] = spectrum[k] * factors[band.shell[k]];
      shaped[band.count + k] = spectrum[band.count + k] * factors[band.shell[k]];
    }
    return shaped;
  };
}
