/** The search for a particle's pose as one graph: a matrix product, which ONNX Runtime does fastest. */
import { encodeOnnx, op } from "../../graph/index.js";

export interface PoseSearchConfig {
  /** Ways in which the particle is turned by itself. */
  readonly turns: number;
  /** Rotations of the reference. */
  readonly rotations: number;
  /** `[shifts, frequencies]`: the phase, in radians, by which each shift is taken off at each frequency. */
  readonly phases: Float32Array;
  readonly shifts: number;
}

/**
 * Inputs: `particle` `[turns, 2 frequencies]`, real parts first; `particleOwn` `[turns, 2 frequencies]`; `reference` and
 * `referenceOwn` `[rotations, 2 frequencies]`. Outputs: `cross` `[turns, shifts, rotations]`, the products of the particle, moved
 * by each shift, with the reference; `own` `[turns, rotations]`, those of the other two.
 */
export function encodePoseSearch({ turns, rotations, phases, shifts }: PoseSearchConfig): Uint8Array {
  const frequencies = phases.length / shifts;
  const particle = op.input("particle", [turns, 2 * frequencies]);
  const reference = op.input("reference", [rotations, 2 * frequencies]);
  const part = (index: number) =>
    op.reshape(op.slice(particle, 1, index * frequencies, (index + 1) * frequencies), [turns, 1, frequencies]);
  const [real, imaginary] = [part(0), part(1)];
  const table = (of: (phase: number) => number) => op.constant(phases.map(of), [1, shifts, frequencies]);
  const [cosines, sines] = [table(Math.cos), table(Math.sin)];
  const shiftedReal = op.subtract(op.multiply(real, cosines), op.multiply(imaginary, sines));
  const shiftedImaginary = op.add(op.multiply(real, sines), op.multiply(imaginary, cosines));
  const shifted = op.reshape(op.concat([shiftedReal, shiftedImaginary], 2), [turns * shifts, 2 * frequencies]);
  const cross = op.reshape(op.matmul(shifted, reference, { transposeB: true }), [turns, shifts, rotations]);
  const particleOwn = op.input("particleOwn", [turns, 2 * frequencies]);
  const referenceOwn = op.input("referenceOwn", [rotations, 2 * frequencies]);
  const own = op.matmul(particleOwn, referenceOwn, { transposeB: true });
  return encodeOnnx({ cross, own }, { target: "portable" });
}
