/** The comparison of boxes with rotated references as one graph: integer matrix products, which ONNX Runtime does fastest. */
import { encodeOnnx, op } from "../../graph/index.js";

export interface CorrelationConfig {
  /** Boxes and references that are compared in one run. */
  readonly queries: number;
  readonly references: number;
  readonly rotations: number;
  /** `[rotations, frequencies]`: 1 where both a box and the rotated reference were measured. */
  readonly common: Float32Array;
  /** `[frequencies, shifts]`: the phase, in radians, that each shift adds at each frequency. */
  readonly phases: Float32Array;
  readonly shifts: number;
}

/** No value of a reference, and no frequency's amplitude of a query, is larger: they are rounded to whole numbers. */
export const LARGEST_OF_REFERENCE = 127;
export const LARGEST_OF_QUERY = 63;

/** Keeps boxes that show nothing at the common frequencies from dividing by zero. */
const TINY = 1e-20;

/**
 * Inputs: `queries` `[2 frequencies, queries]`, real parts first; `references` `[references * rotations, 2 frequencies]`, zero outside
 * the common frequencies, and `lengths` `[references, rotations, 1]`, the lengths of their rows, none 0. Output: `correlation`
 * `[references, queries]`, the highest normalised correlation over all rotations and shifts, -1 to 1.
 */
export function encodeCorrelation(config: CorrelationConfig): Uint8Array {
  const { queries: count, references: referenceCount, rotations, shifts } = config;
  const frequencies = config.common.length / rotations;
  const queries = op.input("queries", [2 * frequencies, count]);
  const references = op.input("references", [referenceCount * rotations, 2 * frequencies]);
  const lengths = op.input("lengths", [referenceCount, rotations, 1]);
  const part = (index: number) => op.slice(queries, 0, index * frequencies, (index + 1) * frequencies);
  const [real, imaginary] = [part(0), part(1)];
  const phases = (of: (phase: number) => number) => op.constant(config.phases.map(of), [frequencies, 1, shifts]);
  const [cosines, sines] = [phases(Math.cos), phases(Math.sin)];
  const each = (x: typeof real) => op.reshape(x, [frequencies, count, 1]);
  const shiftedReal = op.subtract(op.multiply(each(real), cosines), op.multiply(each(imaginary), sines));
  const shiftedImaginary = op.add(op.multiply(each(real), sines), op.multiply(each(imaginary), cosines));
  const shifted = op.reshape(op.concat([shiftedReal, shiftedImaginary], 0), [2 * frequencies, count * shifts]);
  const best = op.largestIntegerProduct(references, shifted, shifts);
  const power = op.add(op.multiply(real, real), op.multiply(imaginary, imaginary));
  const common = op.constant(config.common, [rotations, frequencies]);
  const commonLengths = op.sqrt(op.add(op.matmul(common, power), TINY));
  const correlations = op.divide(
    op.reshape(best, [referenceCount, rotations, count]),
    op.multiply(lengths, op.reshape(commonLengths, [1, rotations, count])),
  );
  const correlation = op.reshape(op.max(correlations, [1]), [referenceCount, count]);
  return encodeOnnx({ correlation }, { target: "portable" });
}
