/** The comparison of boxes with rotated references as one graph: matrix products, which ONNX Runtime does fastest. */
import { encodeOnnx, op } from "../../graph/index.js";

export interface CorrelationConfig {
  /** Boxes and references that are compared in one run. */
  readonly queries: number;
  readonly references: number;
  readonly rotations: number;
  /** `[rotations, frequencies]`: 1 where both a box and the rotated reference were measured. */
  readonly common: Float32Array;
  /** `[shifts, frequencies]`: the phase, in radians, that each shift adds at each frequency. */
  readonly phases: Float32Array;
  readonly shifts: number;
}

/** Keeps boxes that show nothing at the common frequencies from dividing by zero. */
const TINY = 1e-20;

/**
 * Inputs: `queries` `[queries, 2 frequencies]`, real parts first, zero where nothing was measured; `references`
 * `[references * rotations, 2 frequencies]`, rows of unit length, zero outside the common frequencies. Output: `correlation`
 * `[queries, references]`, the highest normalised correlation over all rotations and shifts, -1 to 1.
 */
export function encodeCorrelation(config: CorrelationConfig): Uint8Array {
  const { queries: count, references: referenceCount, rotations, shifts } = config;
  const frequencies = config.common.length / rotations;
  const queries = op.input("queries", [count, 2 * frequencies]);
  const references = op.input("references", [referenceCount * rotations, 2 * frequencies]);
  const part = (index: number) => op.slice(queries, 1, index * frequencies, (index + 1) * frequencies);
  const [real, imaginary] = [part(0), part(1)];
  const phases = (of: (phase: number) => number) => op.constant(config.phases.map(of), [1, shifts, frequencies]);
  const [cosines, sines] = [phases(Math.cos), phases(Math.sin)];
  const row = (x: typeof real) => op.reshape(x, [count, 1, frequencies]);
  const shiftedReal = op.subtract(op.multiply(row(real), cosines), op.multiply(row(imaginary), sines));
  const shiftedImaginary = op.add(op.multiply(row(real), sines), op.multiply(row(imaginary), cosines));
  const shifted = op.reshape(op.concat([shiftedReal, shiftedImaginary], 2), [count * shifts, 2 * frequencies]);
  const products = op.matmul(shifted, references, { transposeB: true });
  const best = op.max(op.reshape(products, [count, shifts, referenceCount * rotations]), [1]);
  const power = op.add(op.multiply(real, real), op.multiply(imaginary, imaginary));
  const common = op.constant(config.common, [rotations, frequencies]);
  const lengths = op.sqrt(op.add(op.matmul(power, common, { transposeB: true }), TINY));
  const correlations = op.divide(
    op.reshape(best, [count, referenceCount, rotations]),
    op.reshape(lengths, [count, 1, rotations]),
  );
  const correlation = op.reshape(op.max(correlations, [2]), [count, referenceCount]);
  return encodeOnnx({ correlation }, { target: "portable" });
}
