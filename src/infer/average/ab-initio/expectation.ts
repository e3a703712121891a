import { encodeExpectation } from "../../../model/index.js";
import { createSession, type OnnxRuntime } from "../../../runtime/index.js";
import type { Pose, Vector3 } from "../../../volume/index.js";
import type { BandParticle, ParticleBand } from "./particle-band.js";

/** Enough for matrix products at full speed. */
const LARGEST_BLOCK = 32;
/** Floating-point values of one block's likelihoods: 64 MB. */
const LARGEST_LIKELIHOODS = 2 ** 24;

/** What a mask lets leak into frequencies that were hardly measured counts no more than this allows. */
const SMALLEST_WEIGHT = 0.05;

export interface ExpectationOptions {
  readonly band: ParticleBand;
  /** Frequencies used, the lowest of the particles'. */
  readonly count: number;
  /** References times rotations. */
  readonly rows: number;
  readonly shifts: readonly Vector3[];
  /** `[shifts]`: logarithm of each shift's probability. */
  readonly logPriors: Float32Array;
  readonly threads?: number | undefined;
}

/** References in each rotation, as `turnField` makes them, and how probable each is before anything is seen (logarithm). */
export interface TurnedReferences {
  readonly spectra: Float32Array;
  readonly factors: Float32Array;
  readonly priors: Float32Array;
  /** Of nothing but noise. */
  readonly noisePrior: number;
}

/** What the particles of one block say. `sums` `[references * rotations, 2 * count]` and `sumWeights` `[references * rotations, count]` are of each reference and rotation. */
interface BlockExpectation {
  readonly rows: readonly number[];
  /** Logarithm of each particle's likelihood summed over all rotations and shifts, against noise alone. */
  readonly evidence: Float32Array;
  /** `[particles, references * rotations]`: posterior probability. */
  readonly byReference: Float32Array;
  /** `[particles, shifts]`: posterior probability. */
  readonly byShift: Float32Array;
  readonly sums: Float32Array;
  readonly sumWeights: Float32Array;
}

/** `await using` it, or dispose of it. */
export interface Expectation extends AsyncDisposable {
  readonly blockSize: number;
  /**
   * The posterior of up to `blockSize` particles over references and shifts, each counted from the shift of the particle's pose so far (`poses`, of all particles).
   * @throws ModelError.
   */
  run(
    rows: readonly number[],
    poses: readonly Pick<Pose, "shiftVoxels">[],
    references: TurnedReferences,
  ): Promise<BlockExpectation>;
}

/** @throws ModelError when ONNX Runtime cannot run the products. */
export async function createExpectation(runtime: OnnxRuntime, options: ExpectationOptions): Promise<Expectation> {
  const { band, count, rows: rowCount, shifts, logPriors, threads } = options;
  const { edge, x, y, z } = band.frequencies;
  const blockSize = Math.max(1, Math.min(LARGEST_BLOCK, Math.floor(LARGEST_LIKELIHOODS / rowCount / shifts.length)));
  const phases = new Float32Array(shifts.length * count);
  const radians = (2 * Math.PI) / edge;
  const phase = (shift: Vector3, k: number) => radians * (shift.x * x[k] + shift.y * y[k] + shift.z * z[k]);
  for (const [s, shift] of shifts.entries()) for (let k = 0; k < count; k++) phases[s * count + k] = phase(shift, k);
  const graph = encodeExpectation({
    ...{ particles: blockSize, references: rowCount, frequencies: count },
    ...{ phases, logPriors },
  });
  const session = await createSession(runtime, graph, { threads });
  const spectra = new Float32Array(blockSize * 2 * count);
  const measures = new Float32Array(blockSize * 3 * count);

  /** The particle moved so that its centre comes to the middle of the box. */
  function load(at: number, particle: BandParticle, centre: Vector3): void {
    const all = band.frequencies.count;
    for (let k = 0; k < count; k++) {
      const angle = phase(centre, k);
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      const [real, imaginary] = [particle.spectrum[k], particle.spectrum[all + k]];
      spectra[2 * at * count + k] = real * cosine - imaginary * sine;
      spectra[(2 * at + 1) * count + k] = real * sine + imaginary * cosine;
      const weight = particle.weights[k];
      if (weight === 0) continue;
      measures[3 * at * count + k] = weight;
      measures[(3 * at + 1) * count + k] = (real * real + imaginary * imaginary) / Math.max(weight, SMALLEST_WEIGHT);
      measures[(3 * at + 2) * count + k] = 1;
    }
  }

  return {
    blockSize,
    [Symbol.asyncDispose]: () => session.release(),
    async run(rows, poses, references) {
      spectra.fill(0);
      measures.fill(0);
      for (const [at, particle] of (await band.read(rows)).entries()) load(at, particle, poses[rows[at]].shiftVoxels);
      const result = await session.run({
        particles: { data: spectra, shape: [blockSize, 2 * count] },
        measures: { data: measures, shape: [blockSize, 3 * count] },
        references: { data: references.spectra, shape: [rowCount, 2 * count] },
        factors: { data: references.factors, shape: [rowCount, 3 * count] },
        priors: { data: references.priors, shape: [rowCount] },
        noisePrior: { data: Float32Array.of(references.noisePrior), shape: [1] },
      });
      return {
        rows,
        evidence: result.evidence.data.slice(0, rows.length),
        byReference: result.byReference.data,
        byShift: result.byShift.data,
        sums: result.sums.data,
        sumWeights: result.sumWeights.data,
      };
    },
  };
}
