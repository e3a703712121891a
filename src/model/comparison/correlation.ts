/** The comparison of moved boxes with turned references as one graph: integer matrix products, which ONNX Runtime does fastest. */
import { encodeOnnx, op } from "../../graph/index.js";

export interface CorrelationConfig {
  /** Boxes and references that are compared in one run. */
  readonly queries: number;
  readonly references: number;
  readonly rotations: number;
  readonly shifts: number;
  /** Numbers of a turned reference or a moved box: two a frequency, and zeros. */
  readonly length: number;
  /** `[rotations, frequencies]`: 1 where both a box and the rotated reference were measured. */
  readonly common: Float32Array;
  /** Tell the correlation at each rotation, not only the highest; default false. */
  readonly everyRotation?: boolean;
}

/** Keeps boxes that show nothing at the common frequencies from dividing by zero. */
const TINY = 1e-20;

/**
 * Inputs: `references` `[references * rotations, length]`, whole numbers, 128 standing for zero, and `lengths` `[references, rotations, 1]`,
 * the lengths of their rows, none 0; `queries` `[length, shifts, queries]`, whole numbers, and `power` `[frequencies, queries]`, theirs.
 * Output: `correlation` `[references, queries]`, the highest normalised correlation over all rotations and shifts, -1 to 1; with
 * `everyRotation` `[references, rotations, queries]`, the highest over all shifts.
 */
export function encodeCorrelation(config: CorrelationConfig): Uint8Array {
  const { queries: count, references: referenceCount, rotations, shifts, length } = config;
  const frequencies = config.common.length / rotations;
  const references = op.input("references", [referenceCount * rotations, length], "uint8");
  const lengths = op.input("lengths", [referenceCount, rotations, 1]);
  const queries = op.input("queries", [length, shifts, count], "int8");
  const power = op.input("power", [frequencies, count]);
  const best = op.largestIntegerProduct(references, queries);
  const common = op.constant(config.common, [rotations, frequencies]);
  const commonLengths = op.sqrt(op.add(op.matmul(common, power), TINY));
  const correlations = op.divide(
    op.reshape(best, [referenceCount, rotations, count]),
    op.multiply(lengths, op.reshape(commonLengths, [1, rotations, count])),
  );
  const correlation = config.everyRotation
    ? correlations
    : op.reshape(op.max(correlations, [1]), [referenceCount, count]);
  return encodeOnnx({ correlation }, { target: "portable" });
}
