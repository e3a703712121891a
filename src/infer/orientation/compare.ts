/** How alike boxes are when each is turned and moved onto the other as well as it can be. */
import { throwIfAborted } from "../../errors.js";
import { encodeCorrelation } from "../../model/index.js";
import { createSession, type OnnxRuntime, type Session } from "../../runtime/index.js";
import { band } from "./band.js";
import { commonFrequencies, createTurner, measuredFrequencies, rowLength } from "./rotated.js";
import { evenRotations } from "./rotations.js";
import { createShifter, LARGEST_OF_SHIFTED, SHIFTS, type Shifter } from "./shifted.js";
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
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** References, each with boxes of its own to be compared with. */
interface OwnQueries {
  readonly references: Spectra;
  readonly queries: Spectra;
  /** `[references, own]`: rows of `queries`. */
  readonly indices: Int32Array;
}

/** `await using` it, or dispose of it. */
export interface OrientationComparer extends AsyncDisposable {
  /** What correlations depend on besides the spectra: comparers of the same kind give the same. */
  readonly kind: string;
  /**
   * The highest normalised correlation of each query with each reference over 600 rotations and 33 shifts of up to 3 voxels, at
   * the frequencies that were measured in both: `[queries, references]`. Costs 13 million multiply-adds a pair
   * at 60 degrees, in integers of 8 bits, and 2 ms a reference.
   * @throws ModelError, AbortError.
   */
  compare(queries: Spectra, references: Spectra, options?: CompareOptions): Promise<Float32Array>;
}

/** One that compares references with queries of their own, too. */
export interface OwnComparer extends OrientationComparer {
  /** The same correlations, `[references, own]`. @throws ModelError, AbortError. */
  compareOwn(compared: OwnQueries, options?: CompareOptions): Promise<Float32Array>;
}

const ROTATIONS = 600;
/** Boxes of one run: enough for matrix products at full speed, few megabytes of products; fewer where few are compared. */
const [QUERIES, FEW_QUERIES] = [32, 4] as const;
/** References that are turned together, and compared in one run, at most. */
const REFERENCES = 4;

/** @throws ModelError when ONNX Runtime cannot run the comparison. */
export async function createOrientationComparer(
  runtime: OnnxRuntime,
  { tiltDegrees, typical, threads }: OrientationComparerOptions,
): Promise<OwnComparer> {
  const rotations = evenRotations(ROTATIONS);
  // What was not measured in the boxes adds nothing to any product.
  const frequencies = measuredFrequencies(tiltDegrees);
  const common = commonFrequencies(rotations, frequencies, tiltDegrees);
  const profile = shellProfile(typical);
  // How a box was imaged and how noisy it is differ from box to box, and are no part of what is compared.
  const reshaped = createReshaper(frequencies, profile);
  const length = rowLength(frequencies.length);
  const turner = createTurner({ rotations, frequencies, factors: common, references: REFERENCES });
  /** One for each size of a block that was met, made when it is. */
  const shifters = new Map<number, Shifter>();
  const sessions = new Map<string, Promise<Session>>();
  const shifterFor = (queries: number): Shifter => {
    const shifter = shifters.get(queries) ?? createShifter(frequencies, queries);
    shifters.set(queries, shifter);
    return shifter;
  };
  const sessionFor = (queries: number, references: number): Promise<Session> => {
    const size = `${queries} x ${references}`;
    const config = { queries, references, rotations: ROTATIONS, shifts: SHIFTS, length, common };
    const session = sessions.get(size) ?? createSession(runtime, encodeCorrelation(config), { threads });
    sessions.set(size, session);
    return session;
  };
  /** Of boxes that come again, with other references, those of the last time. */
  let last: { readonly queries: Spectra; readonly rows: Float32Array } | undefined;
  const ownRows = (queries: Spectra): Float32Array => {
    if (last?.queries !== queries) last = { queries, rows: queryRows(queries, frequencies, reshaped) };
    return last.rows;
  };
  const turn = (references: Spectra, from: number, to: number) =>
    turner.turn(Array.from({ length: to - from }, (_, i) => reshaped(rowOf(references, from + i))));
  /** A block of boxes with some of the turned references: `[references, size]`. */
  const correlate = async ({ rows, chosen, size }: Block, first: number, count: number): Promise<Float32Array> => {
    const shifter = shifterFor(size);
    shifter.shift(rows, chosen);
    const [from, to] = [first * ROTATIONS, (first + count) * ROTATIONS];
    const session = await sessionFor(size, count);
    const { correlation } = await session.run({
      references: { data: turner.rows.subarray(from * length, to * length), shape: [to - from, length] },
      lengths: { data: turner.lengths.subarray(from, to), shape: [count, ROTATIONS, 1] },
      queries: { data: shifter.shifted, shape: [length, SHIFTS, size] },
      power: { data: shifter.power, shape: [frequencies.length, size] },
    });
    return correlation.data;
  };
  return {
    kind: JSON.stringify([tiltDegrees, ...profile]),
    async [Symbol.asyncDispose]() {
      turner[Symbol.dispose]();
      for (const shifter of shifters.values()) shifter[Symbol.dispose]();
      for (const session of sessions.values()) await (await session).release();
    },
    async compare(queries, references, { onProgress, signal } = {}) {
      const [boxes, columns] = [queries.length / SPECTRUM_LENGTH, references.length / SPECTRUM_LENGTH];
      const blocks = blocksOf(Int32Array.from({ length: boxes }, (_, box) => box));
      const rows = queryRows(queries, frequencies, reshaped);
      const result = new Float32Array(boxes * columns);
      for (let first = 0; first < columns; first += REFERENCES) {
        onProgress?.(first, columns);
        const count = Math.min(REFERENCES, columns - first);
        turn(references, first, first + count);
        for (const { chosen, size } of blocks) {
          throwIfAborted(signal);
          const correlations = await correlate({ rows, chosen, size }, 0, count);
          for (let i = 0; i < count; i++)
            for (const [k, box] of chosen.entries()) result[box * columns + first + i] = correlations[i * size + k];
        }
      }
      onProgress?.(columns, columns);
      return result;
    },
    async compareOwn({ references, queries, indices }, { onProgress, signal } = {}) {
      const count = references.length / SPECTRUM_LENGTH;
      const own = count > 0 ? indices.length / count : 0;
      const rows = ownRows(queries);
      const result = new Float32Array(indices.length);
      for (let reference = 0; reference < count; reference++) {
        onProgress?.(reference, count);
        const turned = reference % REFERENCES;
        if (turned === 0) turn(references, reference, Math.min(count, reference + REFERENCES));
        let at = reference * own;
        for (const { chosen, size } of blocksOf(indices.subarray(at, at + own))) {
          throwIfAborted(signal);
          const correlations = await correlate({ rows, chosen, size }, turned, 1);
          result.set(correlations.subarray(0, chosen.length), at);
          at += chosen.length;
        }
      }
      onProgress?.(count, count);
      return result;
    },
  };
}

/** Boxes that are compared in one run. */
interface Block {
  /** See `queryRows`. */
  readonly rows: Float32Array;
  /** Which of them. */
  readonly chosen: Int32Array;
  /** The block has room for so many. */
  readonly size: number;
}

function blocksOf(boxes: Int32Array): Pick<Block, "chosen" | "size">[] {
  const size = boxes.length <= FEW_QUERIES ? FEW_QUERIES : QUERIES;
  return Array.from({ length: Math.ceil(boxes.length / size) }, (_, block) => ({
    chosen: boxes.subarray(block * size, (block + 1) * size),
    size,
  }));
}

const rowOf = (rows: Float32Array, index: number): Float32Array =>
  rows.subarray(index * SPECTRUM_LENGTH, (index + 1) * SPECTRUM_LENGTH);

/**
 * Boxes as they are moved (see `Shifter`), `[boxes, 2 * frequencies]`: reshaped, and their largest amplitude the largest that there may
 * be. How large they are as a whole has no part in a correlation.
 */
function queryRows(
  queries: Spectra,
  frequencies: readonly number[],
  reshaped: (spectrum: Spectra) => Float32Array,
): Float32Array {
  const { length } = frequencies;
  const boxes = queries.length / SPECTRUM_LENGTH;
  const rows = new Float32Array(2 * length * boxes);
  for (let box = 0, at = 0; box < boxes; box++, at += length) {
    const spectrum = reshaped(rowOf(queries, box));
    let largest = 0;
    for (const k of frequencies) largest = Math.max(largest, spectrum[k] ** 2 + spectrum[band.count + k] ** 2);
    const scale = largest > 0 ? LARGEST_OF_SHIFTED / Math.sqrt(largest) : 0;
    for (const k of frequencies) {
      rows[at] = scale * spectrum[k];
      rows[at++ + length] = scale * spectrum[band.count + k];
    }
  }
  return rows;
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
