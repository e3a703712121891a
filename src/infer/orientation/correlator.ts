/** Correlations of turned references with moved boxes, in runs of a few references and some dozen boxes. */
import { encodeCorrelation } from "../../model/index.js";
import { createSession, type OnnxRuntime, type Session } from "../../runtime/index.js";
import type { Matrix3 } from "../../volume/index.js";
import { band } from "./band.js";
import { commonFrequencies, createTurner, measuredFrequencies, rowLength } from "./rotated.js";
import { evenRotations } from "./rotations.js";
import { createShifter, LARGEST_OF_SHIFTED, SHIFTS, type Shifter } from "./shifted.js";
import { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";

const ROTATIONS = 600;
/** Boxes of one run: enough for matrix products at full speed, few megabytes of products; fewer where few are compared. */
const QUERIES = 32;
const FEW_QUERIES = [4, 16] as const;
/** References that are turned together, and compared in one run, at most. */
export const REFERENCES = 4;

interface CorrelatorOptions {
  /** Maximum tilt angle of the boxes about y, the beam along z; undefined where no frequencies are missing. */
  readonly tiltDegrees: number | undefined;
  /** The same of the references. */
  readonly referenceTiltDegrees: number | undefined;
  /** Tell the correlation at each rotation, not only the highest. */
  readonly everyRotation?: boolean;
  readonly threads?: number | undefined;
}

/** Boxes that are compared in one run. */
interface Block {
  /** See `rowsOf`. */
  readonly rows: Float32Array;
  /** Which of them. */
  readonly chosen: Int32Array;
  /** The block has room for so many. */
  readonly size: number;
}

/** `await using` it, or dispose of it. */
export interface Correlator extends AsyncDisposable {
  /** Those at which boxes were measured, by their numbers. */
  readonly frequencies: readonly number[];
  /** Those that are tried, in the order of their correlations. */
  readonly rotations: readonly Matrix3[];
  /** Boxes as blocks take them: their largest amplitude the largest that there may be. */
  rowsOf(count: number, boxAt: (index: number) => Float32Array): Float32Array;
  /** Turns references, at most `REFERENCES`, in place of those before. */
  turn(references: readonly Float32Array[]): void;
  /**
   * A block of boxes with `count` of the turned references from number `first` on: `[references, size]`, with `everyRotation`
   * `[references, 600, size]`. @throws ModelError.
   */
  correlate(block: Block, first: number, count: number): Promise<Float32Array>;
}

export function createCorrelator(
  runtime: OnnxRuntime,
  { tiltDegrees, referenceTiltDegrees, everyRotation = false, threads }: CorrelatorOptions,
): Correlator {
  const rotations = evenRotations(ROTATIONS);
  // What was not measured in the boxes adds nothing to any product.
  const frequencies = measuredFrequencies(tiltDegrees);
  const common = commonFrequencies(rotations, frequencies, referenceTiltDegrees);
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
    const config = { queries, references, rotations: ROTATIONS, shifts: SHIFTS, length, common, everyRotation };
    const session = sessions.get(size) ?? createSession(runtime, encodeCorrelation(config), { threads });
    sessions.set(size, session);
    return session;
  };
  return {
    ...{ frequencies, rotations },
    rowsOf: (count, boxAt) => boxRows(count, boxAt, frequencies),
    turn: (references) => turner.turn(references),
    async correlate({ rows, chosen, size }, first, count) {
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
    },
    async [Symbol.asyncDispose]() {
      turner[Symbol.dispose]();
      for (const shifter of shifters.values()) shifter[Symbol.dispose]();
      for (const session of sessions.values()) await (await session).release();
    },
  };
}

export function blocksOf(boxes: Int32Array): Pick<Block, "chosen" | "size">[] {
  const size = FEW_QUERIES.find((few) => boxes.length <= few) ?? QUERIES;
  return Array.from({ length: Math.ceil(boxes.length / size) }, (_, block) => ({
    chosen: boxes.subarray(block * size, (block + 1) * size),
    size,
  }));
}

/** One box of several. */
export const boxOf = (spectra: Spectra, index: number): Float32Array =>
  spectra.subarray(index * SPECTRUM_LENGTH, (index + 1) * SPECTRUM_LENGTH);

/**
 * Boxes as they are moved (see `Shifter`), `[boxes, 2 * frequencies]`: their largest amplitude the largest that there may be. How large
 * they are as a whole has no part in a correlation.
 */
function boxRows(count: number, boxAt: (index: number) => Float32Array, frequencies: readonly number[]): Float32Array {
  const { length } = frequencies;
  const rows = new Float32Array(2 * length * count);
  for (let i = 0, at = 0; i < count; i++, at += length) {
    const box = boxAt(i);
    let largest = 0;
    for (const k of frequencies) largest = Math.max(largest, box[k] ** 2 + box[band.count + k] ** 2);
    const scale = largest > 0 ? LARGEST_OF_SHIFTED / Math.sqrt(largest) : 0;
    for (const k of frequencies) {
      rows[at] = scale * box[k];
      rows[at++ + length] = scale * box[band.count + k];
    }
  }
  return rows;
}
