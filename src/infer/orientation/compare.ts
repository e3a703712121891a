/** How alike boxes are when each is turned and moved onto the other as well as it can be. */
import { throwIfAborted } from "../../errors.js";
import { encodeCorrelation } from "../../model/index.js";
import { createSession, type OnnxRuntime } from "../../runtime/index.js";
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
/** Of one run: enough for matrix products at full speed, few megabytes of products. */
const [QUERIES, REFERENCES] = [32, 4] as const;

/** @throws ModelError when ONNX Runtime cannot run the comparison. */
export async function createOrientationComparer(
  runtime: OnnxRuntime,
  { tiltDegrees, typical, threads }: OrientationComparerOptions,
): Promise<OrientationComparer> {
  const rotations = evenRotations(ROTATIONS);
  const common = commonFrequencies(rotations, tiltDegrees);
  const phases = shiftPhases();
  const graph = encodeCorrelation({
    ...{ queries: QUERIES, references: REFERENCES, rotations: ROTATIONS, common, phases },
    shifts: phases.length / band.count,
  });
  const session = await createSession(runtime, graph, { threads });
  const weights = frequencyWeights(typical);
  const factors = common.map((value, at) => value * weights[at % band.count]);
  const turn = createTurner(rotations);
  const turned = new Float32Array(REFERENCES * ROTATIONS * SPECTRUM_LENGTH);
  const ownWeights = weights.map((weight, k) => (isMeasured(band.x[k], band.z[k], tiltDegrees) ? weight : 0));
  return {
    [Symbol.asyncDispose]: () => session.release(),
    async compare(queries, references, { onProgress, signal } = {}) {
      const [rows, columns] = [queries.length / SPECTRUM_LENGTH, references.length / SPECTRUM_LENGTH];
      // Filled up with zeros to whole blocks.
      const weighted = new Float32Array(Math.ceil(rows / QUERIES) * QUERIES * SPECTRUM_LENGTH);
      for (let at = 0; at < queries.length; at++) weighted[at] = queries[at] * ownWeights[at % band.count];
      const result = new Float32Array(rows * columns);
      for (let first = 0; first < columns; first += REFERENCES) {
        onProgress?.(first, columns);
        const width = Math.min(REFERENCES, columns - first);
        turned.fill(0);
        for (let i = 0; i < width; i++)
          turn(rowOf(references, first + i), factors, rowOf(turned, i, ROTATIONS * SPECTRUM_LENGTH));
        for (let start = 0; start < rows; start += QUERIES) {
          throwIfAborted(signal);
          const block = weighted.subarray(start * SPECTRUM_LENGTH, (start + QUERIES) * SPECTRUM_LENGTH);
          const { correlation } = await session.run({
            queries: { data: block, shape: [QUERIES, SPECTRUM_LENGTH] },
            references: { data: turned, shape: [REFERENCES * ROTATIONS, SPECTRUM_LENGTH] },
          });
          for (let row = start; row < Math.min(rows, start + QUERIES); row++)
            for (let i = 0; i < width; i++)
              result[row * columns + first + i] = correlation.data[(row - start) * REFERENCES + i];
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
  const power = shellPower(spectra);
  return Float32Array.from(band.shell, (shell) => (power[shell] > 0 ? power[shell] ** -0.25 : 0));
}
