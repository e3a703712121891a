import type { OnnxRuntime } from "../../../runtime/index.js";
import {
  multiplyQuaternions,
  type Quaternion,
  quaternionFromMatrix,
  quaternionToMatrix,
  type Random,
  randomQuaternion,
  type Vector3,
} from "../../../volume/index.js";
import { evenRotations } from "../../orientation/rotations.js";
import { createFourierSum, type FourierSum, type FourierSumCells } from "../fourier-sum.js";
import { powerFraction } from "../sphere-mask.js";
import { createExpectation, type Expectation, type TurnedReferences } from "./expectation.js";
import { type LikelyPose, likeliestRotations } from "./likely-pose.js";
import type { ParticleBand } from "./particle-band.js";
import { fieldOf, gatheredWeights, type Reference, turnField } from "./reference.js";
import { type ShellPowers, updatedNoise, updatedSignal } from "./shell-powers.js";
import { addTurned, createBandWriter } from "./turned-sum.js";

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

/** What an iteration has gathered of its first particles. Plain data. */
export interface IterationPart {
  /** Particles that it has gone through. */
  readonly done: number;
  readonly poses: readonly LikelyPose[];
  readonly fractions: readonly number[];
  /** Of each reference. */
  readonly sums: readonly FourierSumCells[];
}

/** An iteration over many particles can be stopped within, and taken up again. */
export interface IterationSteps {
  /** Where it was stopped. */
  readonly from?: IterationPart | undefined;
  /** Called as particles are gone through, with how many are by now. */
  readonly onRows?: ((done: number) => void) | undefined;
  /** Called after every few hundred particles but the last; the iteration goes on when it has resolved. */
  readonly onPart?: ((part: IterationPart) => Promise<void>) | undefined;
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
   * @throws ModelError; what reading the band throws.
   */
  iterate(
    before: Averages,
    fineness: Fineness,
    random: Random,
    rows: readonly number[],
    steps?: IterationSteps,
  ): Promise<Averages>;
  /**
   * Of each particle of `rows`, all of one reference, the likeliest rotations beside that of its pose, among all there are; in order of
   * `rows`. What looks the same by `operators` (the identity first) counts as one.
   * @throws ModelError; what reading the band throws.
   */
  lookEverywhere(
    rows: readonly number[],
    looked: {
      readonly reference: Reference;
      readonly noise: Float32Array;
      /** Of all particles. */
      readonly poses: readonly LikelyPose[];
      readonly fineness: Fineness;
      readonly random: Random;
      readonly operators: readonly Quaternion[];
      readonly onRows?: (done: number) => void;
    },
  ): Promise<readonly (readonly Quaternion[])[]>;
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
    { references, fractions, powers: { noise } }: Compared,
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
      noise: Float32Array.from({ length: count }, (_, k) => noise[frequencies.shell[k]]),
      weights: Float32Array.from({ length: count }, (_, k) => band.powers.meanWeight[frequencies.shell[k]]),
    };
    const matrices = rotations.map((rotation) => quaternionToMatrix(rotation));
    for (const [i, reference] of references.entries())
      turnField(fieldOf(reference, frequencies, shell), frequencies, matrices, imaging, {
        spectra: turned.spectra.subarray(i * width * 2 * count, (i + 1) * width * 2 * count),
        factors: turned.factors.subarray(i * width * 3 * count, (i + 1) * width * 3 * count),
      });
    return turned;
  }

  const createSum = (state?: FourierSumCells) =>
    createFourierSum(edge, { radius: largestShell + 0.5, ...(state && { state: copyOf(state) }) });

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
    createSum: () => createSum(),
    solve,
    async iterate(before, fineness, random, rows, { from, onRows, onPart } = {}) {
      const comparison = await compare(before, fineness, random);
      const { rotations, turned } = comparison;
      const poses = [...(from?.poses ?? before.poses)];
      const fractions = [...(from?.fractions ?? before.references.map(() => 0))];
      const sums = before.references.map((_, i) => createSum(from?.sums[i]));
      const gathered = {
        sums: new Float32Array(turned.spectra.length),
        sumWeights: new Float32Array(turned.spectra.length / 2),
      };
      for (let first = from?.done ?? 0; first < rows.length; first += PART_ROWS) {
        const some = rows.slice(first, first + PART_ROWS);
        const shares = await gather(some, comparison, { ...gathered, poses }, (done) => onRows?.(first + done));
        for (const [i, share] of shares.entries()) fractions[i] += share / rows.length;
        for (const [i, sum] of sums.entries())
          addTurned(sum, write, rotations, {
            sums: part(gathered.sums, i, gathered.sums.length / sums.length),
            sumWeights: part(gathered.sumWeights, i, gathered.sumWeights.length / sums.length),
          });
        const done = first + some.length;
        if (done < rows.length)
          await onPart?.({
            done,
            poses: [...poses],
            fractions: [...fractions],
            sums: sums.map((sum) => copyOf(sum.state())),
          });
      }
      const references = sums.map((sum, i) => solve(sum, before.powers.noise, before.powers.signal[i]));
      const powers = updatedPowers(before, references, fractions, fineness.shell);
      return { references, fractions, poses, powers };
    },
    async lookEverywhere(rows, { reference, noise, poses, fineness, random, operators, onRows }) {
      const before = { references: [reference], fractions: [1], powers: { noise }, poses };
      const { expectation, rotations, turned } = await compare(before, fineness, random);
      const found: Quaternion[][] = [];
      for (let first = 0; first < rows.length; first += expectation.blockSize) {
        onRows?.(first);
        const some = rows.slice(first, first + expectation.blockSize);
        const { byReference } = await expectation.run(some, poses, turned);
        for (const [at, row] of some.entries()) {
          const probabilities = part(byReference, at, rotations.length);
          found.push(likeliestRotations(probabilities, rotations, poses[row].rotation, operators));
        }
      }
      return found;
    },
  };

  /** Makes ready to compare particles with references in rotations of another grid each time: its gaps are nowhere for long. */
  async function compare(before: Compared, fineness: Fineness, random: Random): Promise<Comparison> {
    const whole = randomQuaternion(random);
    const rotations = evenRotations(fineness.rotations).map((rotation) =>
      multiplyQuaternions(whole, quaternionFromMatrix(rotation)),
    );
    const expectation = await expectationFor(fineness, before.references.length * rotations.length);
    return { before, fineness, rotations, expectation, turned: turn(before, fineness, rotations) };
  }

  /**
   * What some particles say: their poses, and sums of each reference and rotation, both overwritten.
   * @returns how many of them are of each reference.
   */
  async function gather(
    rows: readonly number[],
    { before, fineness, rotations, expectation, turned }: Comparison,
    { sums, sumWeights, poses }: Gathered,
    onRows: (done: number) => void,
  ): Promise<number[]> {
    const { length: width } = rotations;
    const shares = before.references.map(() => 0);
    for (const values of [sums, sumWeights]) values.fill(0);
    for (let first = 0; first < rows.length; first += expectation.blockSize) {
      onRows(first);
      const block = await expectation.run(rows.slice(first, first + expectation.blockSize), before.poses, turned);
      addTo(sums, block.sums);
      addTo(sumWeights, block.sumWeights);
      for (const [at, row] of block.rows.entries()) {
        const byReference = part(block.byReference, at, turned.priors.length);
        const own = shares.map((_, i) => total(part(byReference, i, width)));
        for (const [i, share] of own.entries()) shares[i] += share;
        const best = highest(byReference);
        const shift = fineness.shifts[highest(part(block.byShift, at, fineness.shifts.length))];
        poses[row] = {
          reference: Math.floor(best / width),
          rotation: rotations[best % width],
          shiftVoxels: moved(before.poses[row].shiftVoxels, shift),
          probability: byReference[best],
          presence: total(own),
          evidence: block.evidence[at],
        };
      }
    }
    return shares;
  }

  function updatedPowers(
    { powers }: Averages,
    references: readonly Reference[],
    fractions: readonly number[],
    shell: number,
  ): ShellPowers {
    const signal = references.map((reference, i) => updatedSignal(reference, frequencies, powers.signal[i], shell));
    return { signal, noise: updatedNoise(band.powers, left, signal, fractions) };
  }
}

/** What of averages particles are compared with. */
type Compared = Pick<Averages, "references" | "fractions" | "poses"> & {
  readonly powers: Pick<ShellPowers, "noise">;
};

/** What particles are compared with in an iteration. */
interface Comparison {
  readonly before: Compared;
  readonly fineness: Fineness;
  readonly rotations: readonly Quaternion[];
  readonly expectation: Expectation;
  readonly turned: TurnedReferences;
}

/** What is gathered of some particles: `sums` `[references * rotations, 2 * count]`, `sumWeights` `[references * rotations, count]`. */
interface Gathered {
  readonly sums: Float32Array;
  readonly sumWeights: Float32Array;
  /** Of all particles. */
  readonly poses: LikelyPose[];
}

/** After this many particles what was found or gathered can be kept: seconds to minutes of work. */
export const PART_ROWS = 512;

/** Neither a reference nor noise is given up for good. */
const SMALLEST_FRACTION = 1e-3;

/** Logarithm of a probability that is none. */
const IMPOSSIBLE = -200;

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

const copyOf = ({ cells, ...grid }: FourierSumCells): FourierSumCells => ({ ...grid, cells: cells.slice() });

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
