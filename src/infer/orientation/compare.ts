/** How alike boxes are when each is turned and moved onto the other as well as it can be. */
import { throwIfAborted } from "../../errors.js";
import { encodeCorrelation } from "../../model/index.js";
import { createSession, type OnnxRuntime, type Session } from "../../runtime/index.js";
import { band, COMPARED_EDGE } from "./band.js";
import { shellPower } from "./imaging-difference.js";
import { commonFrequencies, createTurner, isMeasured } from "./rotated.js";
import { evenRotations } from "./rotations.js";
import { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";

export interface OrientationComparerOptions {
  /** Maximum tilt angle about y, the beam along z; undefined where no frequencies are missing. */
  readonly tiltDegrees: number | undefined;
  /** Boxes of the kind that are compared: frequencies are weighted by the inverse square root of their mean power. */
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
   * the frequencies that were measured in both: `[queries, references]`. Costs 35 MFLOP a pair, and 30 ms a reference.
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
  const common = commonFrequencies(rotations, tiltDegrees);
  const phases = shiftPhases();
  const shifts = phases.length / band.count;
  /** One for each size of a block that was met, made when it is. */
  const sessions = new Map<string, Promise<Session>>();
  const sessionFor = (queries: number, references: number): Promise<Session> => {
    const size = `${queries} x ${references}`;
    const graph = () => encodeCorrelation({ queries, references, rotations: ROTATIONS, common, phases, shifts });
    const session = sessions.get(size) ?? createSession(runtime, graph(), { threads });
    sessions.set(size, session);
    return session;
  };
  const weights = frequencyWeights(typical);
  const factors = common.map((value, at) => value * weights[at % band.count]);
  const turn = createTurner(rotations);
  const turned = new Float32Array(REFERENCES * ROTATIONS * SPECTRUM_LENGTH);
  const ownWeights = weights.map((weight, k) => (isMeasured(band.x[k], band.z[k], tiltDegrees) ? weight : 0));
  return {
    kind: JSON.stringify([tiltDegrees, ...shellWeights(typical)]),
    async [Symbol.asyncDispose]() {
      for (const session of sessions.values()) await (await session).release();
    },
    async compare(queries, references, { onProgress, signal } = {}) {
      const [rows, columns] = [queries.length / SPECTRUM_LENGTH, references.length / SPECTRUM_LENGTH];
      // Filled up with zeros to whole blocks.
      const height = rows <= FEW_QUERIES ? FEW_QUERIES : QUERIES;
      const weighted = new Float32Array(Math.ceil(rows / height) * height * SPECTRUM_LENGTH);
      for (let at = 0; at < queries.length; at++) weighted[at] = queries[at] * ownWeights[at % band.count];
      const result = new Float32Array(rows * columns);
      for (let first = 0; first < columns; first += REFERENCES) {
        onProgress?.(first, columns);
        const width = Math.min(REFERENCES, columns - first);
        const session = await sessionFor(height, width);
        for (let i = 0; i < width; i++)
          turn(rowOf(references, first + i), factors, rowOf(turned, i, ROTATIONS * SPECTRUM_LENGTH));
        for (let start = 0; start < rows; start += height) {
          throwIfAborted(signal);
          const block = weighted.subarray(start * SPECTRUM_LENGTH, (start + height) * SPECTRUM_LENGTH);
          const { correlation } = await session.run({
            queries: { data: block, shape: [height, SPECTRUM_LENGTH] },
            references: {
              data: rowOf(turned, 0, width * ROTATIONS * SPECTRUM_LENGTH),
              shape: [width * ROTATIONS, SPECTRUM_LENGTH],
            },
          });
          for (let row = start; row < Math.min(rows, start + height); row++)
            for (let i = 0; i < width; i++)
              result[row * columns + first + i] = correlation.data[(row - start) * width + i];
        }
      }
      onProgress?.(columns, columns);
      return result;
    },
  };
}

const rowOf = (rows: Float32Array, index: number, length = SPECTRUM_LENGTH): Float32Array =>
  rows.subarray(index * length, (index + 1) * length);

/** `[shifts, band.count]`: shifts on a grid within a ball. */
function shiftPhases(): Float32Array {
  const steps = Array.from({ length: 2 * LARGEST_SHIFT_STEPS + 1 }, (_, i) => i - LARGEST_SHIFT_STEPS);
  const shifts = steps
    .flatMap((x) => steps.flatMap((y) => steps.map((z) => ({ x, y, z }))))
    .filter(({ x, y, z }) => Math.hypot(x, y, z) <= LARGEST_SHIFT_STEPS);
  const radians = (2 * Math.PI * SHIFT_STEP_VOXELS) / COMPARED_EDGE;
  const phases = new Float32Array(shifts.length * band.count);
  for (const [s, { x, y, z }] of shifts.entries())
    for (let k = 0; k < band.count; k++)
      phases[s * band.count + k] = radians * (x * band.x[k] + y * band.y[k] + z * band.z[k]);
  return phases;
}

/** Half of a whitening filter: power to the -1/4 for amplitudes, of the mean power of each shell. */
function frequencyWeights(spectra: Spectra): Float32Array {
  const weights = shellWeights(spectra);
  return Float32Array.from(band.shell, (shell) => weights[shell]);
}

/** Weights are rounded to so many steps an octave: a few boxes more or less then change none of them. */
const WEIGHT_STEPS = 16;

/** Of each shell, that of the lowest frequencies being 1. */
function shellWeights(spectra: Spectra): number[] {
  const power = shellPower(spectra);
  const lowest = power.find((value, shell) => shell > 0 && value > 0) ?? 1;
  return power.map((value) =>
    value > 0 ? 2 ** (Math.round((WEIGHT_STEPS / -4) * Math.log2(value / lowest)) / WEIGHT_STEPS) : 0,
  );
}
