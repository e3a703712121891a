import type { OnnxRuntime } from "../../../runtime/index.js";
import {
  multiplyQuaternions,
  type Pose,
  type Quaternion,
  quaternionFromMatrix,
  quaternionToMatrix,
  type Random,
  randomQuaternion,
  type Vector3,
} from "../../../volume/index.js";
import { evenRotations } from "../../orientation/rotations.js";
import { createFourierSum, type FourierSum } from "../fourier-sum.js";
import { createExpectation, type Expectation, type TurnedReferences } from "./expectation.js";
import type { ParticleBand } from "./particle-band.js";
import { fieldOf, gatheredWeights, type Reference, turnField } from "./reference.js";
import { particlePowers, type ShellPowers, updatedNoise, updatedSignal } from "./shell-powers.js";
import { addTurned, createBandWriter } from "./turned-sum.js";

/** The most probable pose of a particle. */
export interface LikelyPose extends Pose {
  /** Index of the reference it is of. */
  readonly reference: number;
  /** Probability of this reference and rotation of the grid, all shifts together. */
  readonly probability: number;
  /** Probability that it is of any of the references, and not noise. */
  readonly presence: number;
  /** Logarithm of the particle's likelihood under the references, over that under noise alone. */
  readonly evidence: number;
}

/** Where expectation maximisation has come to. Plain data: kept, it can be taken up again. */
export interface Averages {
  readonly references: readonly Reference[];
  /** Fraction of the particles that is of each; the rest is noise, or something else. */
  readonly fractions: readonly number[];
  readonly powers: ShellPowers;
  /** Of every particle, those that take no part included. */
  readonly poses: readonly LikelyPose[];
}

/** How finely an iteration looks. */
export interface Fineness {
  /** Frequencies up to this shell count. */
  readonly shell: number;
  readonly rotations: number;
  /** From where a particle's centre was found last. */
  readonly shifts: readonly Vector3[];
  /** `[shifts]`: logarithm of the probability of each. */
  readonly logPriors: Float32Array;
  /** Whether a particle may be nothing but noise. Before there is an average that shows more than one particle does, none may. */
  readonly mayBeNoise: boolean;
}

/** Improves averages; `await using` it, or dispose of it. */
export interface Averager extends AsyncDisposable {
  /** The reference that a Fourier sum of particles of the band amounts to, within the averager's mask or another. */
  solve(sum: FourierSum, noise: Float32Array, signal: Float32Array, within?: Float32Array): Reference;
  /** An empty sum to the finest shell. */
  createSum(): FourierSum;
  /**
   * Every particle of `rows` in every rotation and shift of every reference, weighted by how probable each is, and the
   * references that follow (expectation maximisation; Scheres et al. 2009, "Averaging of electron subtomograms and
   * random conical tilt reconstructions through likelihood optimization"). The references' own uncertainty counts: what no
   * particle has shown yet, such as the missing wedge of a single one, speaks for no rotation.
   * @throws ModelError.
   */
  iterate(before: Averages, fineness: Fineness, random: Random, rows: readonly number[]): Promise<Averages>;
}

export interface AveragerOptions {
  readonly band: ParticleBand;
  /** `[edge, edge, edge]`: what is kept of references. */
  readonly mask: Float32Array;
  readonly threads?: number | undefined;
}

/** An averager of particles that wait in a band. */
export function createAverager(runtime: OnnxRuntime, { band, mask, threads }: AveragerOptions): Averager {
  const { frequencies } = band;
  const { edge, shellEnd } = frequencies;
  const largestShell = shellEnd.length - 1;
  const left = powerFraction(mask);
  const write = createBandWriter(frequencies);
  const allPowers = particlePowers(band);
  let open: { readonly key: string; readonly expectation: Expectation } | undefined;

  async function expectationFor({ shell, shifts, logPriors }: Fineness, rows: number): Promise<Expectation> {
    const key = JSON.stringify([shell, rows, shifts]);
    if (open?.key === key) return open.expectation;
    await open?.expectation[Symbol.asyncDispose]();
    const options = { band, count: shellEnd[shell], rows, shifts, logPriors, threads };
    open = { key, expectation: await createExpectation(runtime, options) };
    return open.expectation;
  }

  function turn(
    { references, fractions, powers }: Averages,
    { shell, mayBeNoise }: Fineness,
    rotations: readonly Quaternion[],
  ): TurnedReferences {
    const [count, width] = [shellEnd[shell], rotations.length];
    const turned = {
      spectra: new Float32Array(references.length * width * 2 * count),
      factors: new Float32Array(references.length * width * 3 * count),
      priors: Float32Array.from({ length: references.length * width }, (_, row) =>
        Math.log(Math.max(fractions[Math.floor(row / width)], SMALLEST_FRACTION) / width),
      ),
      noisePrior: mayBeNoise ? Math.log(Math.max(1 - total(fractions), SMALLEST_FRACTION)) : IMPOSSIBLE,
    };
    const imaging = {
      noise: Float32Array.from({ length: count }, (_, k) => powers.noise[frequencies.shell[k]]),
      weights: Float32Array.from({ length: count }, (_, k) => allPowers.meanWeight[frequencies.shell[k]]),
    };
    const matrices = rotations.map((rotation) => quaternionToMatrix(rotation));
    for (const [i, reference] of references.entries())
      turnField(fieldOf(reference, frequencies, shell), frequencies, matrices, imaging, {
        spectra: turned.spectra.subarray(i * width * 2 * count, (i + 1) * width * 2 * count),
        factors: turned.factors.subarray(i * width * 3 * count, (i + 1) * width * 3 * count),
      });
    return turned;
  }

  const createSum = () => createFourierSum(edge, { radius: largestShell + 0.5 });

  function solve(sum: FourierSum, noise: Float32Array, signal: Float32Array, within = mask): Reference {
    const left = powerFraction(within);
    const noiseToSignal = noise.map((power, shell) => (left * power) / Math.max(signal[shell], Number.MIN_VALUE));
    const volume = sum.volume({ noiseToSignal }).map((value, i) => value * within[i]);
    const variance = gatheredWeights(sum.state());
    for (let k = 0; k < frequencies.count; k++) {
      const shell = frequencies.shell[k];
      const at = frequencies.at[k];
      variance[at] = (left * noise[shell]) / (variance[at] + noiseToSignal[shell]);
    }
    return { volume, variance };
  }

  return {
    [Symbol.asyncDispose]: async () => open?.expectation[Symbol.asyncDispose](),
    createSum,
    solve,
    async iterate(before, fineness, random, rows) {
      const whole = randomQuaternion(random); // another grid each time: its gaps are nowhere for long
      const rotations = evenRotations(fineness.rotations).map((rotation) =>
        multiplyQuaternions(whole, quaternionFromMatrix(rotation)),
      );
      const { length: width } = rotations;
      const expectation = await expectationFor(fineness, before.references.length * width);
      const turned = turn(before, fineness, rotations);
      const sums = new Float32Array(turned.spectra.length);
      const sumWeights = new Float32Array(turned.spectra.length / 2);
      const poses = [...before.poses];
      const fractions = before.references.map(() => 0);
      for (let first = 0; first < rows.length; first += expectation.blockSize) {
        const block = await expectation.run(rows.slice(first, first + expectation.blockSize), before.poses, turned);
        addTo(sums, block.sums);
        addTo(sumWeights, block.sumWeights);
        for (const [at, row] of block.rows.entries()) {
          const byReference = part(block.byReference, at, turned.priors.length);
          const shares = fractions.map((_, i) => total(part(byReference, i, width)));
          for (const [i, share] of shares.entries()) fractions[i] += share / rows.length;
          const best = highest(byReference);
          const shift = fineness.shifts[highest(part(block.byShift, at, fineness.shifts.length))];
          poses[row] = {
            reference: Math.floor(best / width),
            rotation: rotations[best % width],
            shiftVoxels: moved(before.poses[row].shiftVoxels, shift),
            probability: byReference[best],
            presence: total(shares),
            evidence: block.evidence[at],
          };
        }
      }
      const references = before.references.map((_, i) => {
        const sum = createSum();
        addTurned(sum, write, rotations, {
          sums: part(sums, i, sums.length / before.references.length),
          sumWeights: part(sumWeights, i, sumWeights.length / before.references.length),
        });
        return solve(sum, before.powers.noise, before.powers.signal[i]);
      });
      const powers = updatedPowers(before, references, fractions, fineness.shell);
      return { references, fractions, poses, powers };
    },
  };

  function updatedPowers(
    { powers }: Averages,
    references: readonly Reference[],
    fractions: readonly number[],
    shell: number,
  ): ShellPowers {
    const signal = references.map((reference, i) => updatedSignal(reference, frequencies, powers.signal[i], shell));
    return { signal, noise: updatedNoise(allPowers, left, signal, fractions) };
  }
}

/** Neither a reference nor noise is given up for good. */
const SMALLEST_FRACTION = 1e-3;

/** Logarithm of a probability that is none. */
const IMPOSSIBLE = -200;

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

/** Fraction of white noise's power that a mask leaves. */
export function powerFraction(mask: Float32Array): number {
  return mask.reduce((sum, value) => sum + value * value, 0) / mask.length;
}

const part = (values: Float32Array, index: number, length: number): Float32Array =>
  values.subarray(index * length, (index + 1) * length);

const moved = (one: Vector3, other: Vector3): Vector3 => ({
  x: one.x + other.x,
  y: one.y + other.y,
  z: one.z + other.z,
});

function addTo(sums: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] += values[i];
}

function highest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
