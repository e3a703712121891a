/** One step of expectation maximisation over rotations and shifts as one graph: matrix products, which ONNX Runtime does fastest. */
import { encodeOnnx, op } from "../../graph/index.js";

export interface ExpectationConfig {
  /** Particles in one run. */
  readonly particles: number;
  /** Rows of references: references times rotations. */
  readonly references: number;
  readonly frequencies: number;
  /** `[shifts, frequencies]`: the phase, in radians, that each shift adds at each frequency. */
  readonly phases: Float32Array;
  /** `[shifts]`: logarithm of each shift's probability before anything is seen. */
  readonly logPriors: Float32Array;
}

/** A particle that is nothing but noise has a logarithm, too. */
const TINY = 1e-30;
/**
 * Likelihoods below the highest one by more than this many nats are as good as none, and are given this. Further down the numbers are
 * denormal, which processors multiply a hundred times more slowly.
 */
const DEEPEST = 60;

/**
 * Inputs: `particles` `[particles, 2 frequencies]`, real parts first; `measures` `[particles, 3 frequencies]`: how much of each
 * frequency was measured, the particle's power over that, and 1 where it was measured at all; `references`
 * `[references, 2 frequencies]`; `factors` `[references, 3 frequencies]`; `priors` `[references]`, logarithms; `noisePrior` `[1]`, the
 * logarithm of how probable it is that there is nothing but noise. With them the logarithm of the likelihood of particle p at
 * shift s and reference r, over that of noise, is `Re(conj(shifted particle) . reference) + measures . factors`.
 *
 * Outputs: `evidence` `[particles]`, the logarithm of the likelihoods' sum; `byReference` `[particles, references]` and `byShift`
 * `[particles, shifts]`, the posterior probability summed over the other, which with that of noise makes 1; `sums`
 * `[references, 2 frequencies]` and `sumWeights` `[references, frequencies]`, particles (shifted) and the first of the measures summed by it.
 */
export function encodeExpectation(config: ExpectationConfig): Uint8Array {
  const { particles: count, references: rows, frequencies } = config;
  const shifts = config.logPriors.length;
  const particles = op.input("particles", [count, 2 * frequencies]);
  const measures = op.input("measures", [count, 3 * frequencies]);
  const references = op.input("references", [rows, 2 * frequencies]);
  const factors = op.input("factors", [rows, 3 * frequencies]);
  const priors = op.input("priors", [rows]);
  const noisePrior = op.input("noisePrior", [1]);
  const row = (index: number) =>
    op.reshape(op.slice(particles, 1, index * frequencies, (index + 1) * frequencies), [count, 1, frequencies]);
  const [real, imaginary] = [row(0), row(1)];
  const phases = (of: (phase: number) => number) => op.constant(config.phases.map(of), [1, shifts, frequencies]);
  const [cosines, sines] = [phases(Math.cos), phases(Math.sin)];
  const shiftedReal = op.subtract(op.multiply(real, cosines), op.multiply(imaginary, sines));
  const shiftedImaginary = op.add(op.multiply(real, sines), op.multiply(imaginary, cosines));
  const shifted = op.reshape(op.concat([shiftedReal, shiftedImaginary], 2), [count * shifts, 2 * frequencies]);
  const cross = op.reshape(op.matmul(shifted, references, { transposeB: true }), [count, shifts, rows]);
  const own = op.add(op.reshape(priors, [1, rows]), op.matmul(measures, factors, { transposeB: true }));
  const likelihoods = op.add(
    op.add(cross, op.reshape(own, [count, 1, rows])),
    op.constant(config.logPriors, [1, shifts, 1]),
  );
  // Exponentials of differences from the highest of all, noise included, so that none overflows.
  const highest = op.add(
    noisePrior,
    op.relu(op.subtract(op.reshape(op.max(likelihoods, [1, 2]), [count]), noisePrior)),
  );
  const below = op.subtract(likelihoods, op.reshape(highest, [count, 1, 1]));
  const relative = op.exp(op.subtract(op.relu(op.add(below, DEEPEST)), DEEPEST));
  const total = op.reshape(op.sum(relative, [1, 2]), [count]);
  const withNoise = op.add(total, op.exp(op.subtract(noisePrior, highest)));
  const posterior = op.divide(relative, op.reshape(withNoise, [count, 1, 1]));
  const byReference = op.reshape(op.sum(posterior, [1]), [count, rows]);
  const byShift = op.reshape(op.sum(posterior, [2]), [count, shifts]);
  return encodeOnnx(
    {
      evidence: op.add(highest, op.log(op.add(total, TINY))),
      byReference,
      byShift,
      sums: op.matmul(op.reshape(posterior, [count * shifts, rows]), shifted, { transposeA: true }),
      sumWeights: op.matmul(byReference, op.slice(measures, 1, 0, frequencies), { transposeA: true }),
    },
    { target: "portable" },
  );
}
