import { ConfigError, throwIfAborted } from "../../../errors.js";
import { fourierShellCorrelation } from "../../../evaluate/index.js";
import { angleBetweenQuaternions, type Quaternion } from "../../../volume/index.js";
import type { Observation } from "../../align/observation.js";
import { refinePose } from "../../align/refine-pose.js";
import type { ShellFactors } from "../../align/shell-factors.js";
import type { FourierSum } from "../fourier-sum.js";
import { automaticMask } from "../soft-mask.js";
import { symmetrised } from "../symmetrised.js";
import type { Averager, LikelyPose } from "./iteration.js";
import type { ParticleBand } from "./particle-band.js";
import { fieldOf, type Reference } from "./reference.js";
import { particlePowers, updatedNoise } from "./shell-powers.js";
import { createBandWriter } from "./turned-sum.js";

/** How a round of refinement went. */
export interface RefinementReport {
  /** Of each reference: correlation of the halves' averages by shell. */
  readonly correlations: readonly Float64Array[];
  /** Frequencies up to this shell were used. */
  readonly shell: number;
  /** Mean change of the particles' rotations. */
  readonly meanDegrees: number;
  /** Mean of their shifts. */
  readonly meanShiftVoxels: number;
}

export interface RefineOptions {
  readonly band: ParticleBand;
  /** `[edge, edge, edge]`: what is kept of references. */
  readonly mask: Float32Array;
  /** Fraction of noise that it leaves. */
  readonly left: number;
  /** Particles of either half, those set aside left out. */
  readonly halves: readonly [readonly number[], readonly number[]];
  /** Of each reference: rotations that leave it as it is, the identity first. */
  readonly operators: readonly (readonly Quaternion[])[];
  /** The noise so far. */
  readonly noise: Float32Array;
  readonly rounds: number;
  readonly onRound?: ((report: RefinementReport, done: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Frequencies are used to this many shells beyond where the halves agree: they might come to. */
const SHELLS_BEYOND = 2;
const AGREEMENT = 0.143;
/** Room around what a reference shows of itself. */
const [EXTEND_VOXELS, FADE_VOXELS] = [1.5, 3] as const;
/** Bounds of the correlation from which signal power follows. */
const [LOWEST, HIGHEST] = [1e-3, 0.99] as const;

/** What refinement has come to. */
export interface Refined {
  /** Of all particles. */
  readonly poses: readonly LikelyPose[];
  readonly noise: Float32Array;
  /** Of each reference: correlation of the halves' averages by shell, before the last round. */
  readonly correlations: readonly Float64Array[];
}

/**
 * Refines poses that are nearly right: each particle's likelihood is climbed against the average of its own half, and the averages
 * are made anew. What is signal and what noise follows from the halves' correlation.
 * @throws AbortError.
 */
export function refineInHalves(averager: Averager, poses: readonly LikelyPose[], options: RefineOptions): Refined {
  const { band, mask, left, halves, operators, signal, onRound } = options;
  const { frequencies } = band;
  const powers = particlePowers(band);
  let [current, noise] = [[...poses], options.noise];
  let correlations: Float64Array[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const sums = halves.map((rows) => sumsByPose(averager, band, current, rows, operators));
    const signals: Float32Array[] = [];
    const fractions: number[] = [];
    correlations = [];
    const solved: Reference[][] = [[], []];
    let shell = 2;
    for (const i of operators.keys()) {
      const volumes = sums.map((half) => half[i].volume().map((value, at) => value * mask[at]));
      const { byShell } = fourierShellCorrelation(volumes[0], volumes[1], frequencies.edge);
      correlations.push(byShell);
      shell = Math.max(shell, agreement(byShell));
      for (const [h, half] of sums.entries()) {
        const ofHalf = signalPower(byShell, half[i], noise, left);
        solved[h].push(solveOutlined(averager, half[i], noise, ofHalf, frequencies.edge));
        signals.push(ofHalf);
        fractions.push(halves[h].filter((row) => current[row].reference === i).length / band.count);
      }
    }
    shell = Math.min(frequencies.shellEnd.length - 1, shell + SHELLS_BEYOND);
    const next = [...current];
    for (const [h, rows] of halves.entries()) {
      const fields = solved[h].map((reference) => fieldOf(reference, frequencies, shell));
      const factors = factorsOf(noise);
      for (const row of rows) {
        throwIfAborted(signal);
        const own = current[row];
        const { pose } = refinePose(observationOf(band, row), fields[own.reference], factors, own, { shell });
        next[row] = { ...own, ...pose };
      }
    }
    onRound?.({ correlations, shell, ...meanChange(current, next, halves) }, round + 1);
    noise = updatedNoise(powers, left, signals, fractions);
    current = next;
  }
  return { poses: current, noise, correlations };
}

/** Sums of the particles of each reference in their most probable poses, and in those that its symmetry makes equal to them. */
export function sumsByPose(
  averager: Averager,
  { frequencies, spectra, weights }: ParticleBand,
  poses: readonly LikelyPose[],
  rows: readonly number[],
  operators: readonly (readonly Quaternion[])[],
): FourierSum[] {
  const write = createBandWriter(frequencies);
  const sums = operators.map(() => averager.createSum());
  const { count } = frequencies;
  for (const row of rows) {
    const particle = write(
      spectra.subarray(2 * row * count, 2 * (row + 1) * count),
      weights.subarray(row * count, (row + 1) * count),
    );
    sums[poses[row].reference].add(particle, poses[row]);
  }
  return sums.map((sum, i) => (operators[i].length > 1 ? symmetrised(sum, operators[i]) : sum));
}

/** The reference within the outline that it shows itself, which keeps most noise out; within the sphere where it shows none. */
export function solveOutlined(
  averager: Averager,
  sum: FourierSum,
  noise: Float32Array,
  signal: Float32Array,
  edge: number,
): Reference {
  const whole = averager.solve(sum, noise, signal);
  const outline = outlineOf(whole.volume, edge);
  return outline ? averager.solve(sum, noise, signal, outline) : whole;
}

function outlineOf(volume: Float32Array, edge: number): Float32Array | undefined {
  try {
    return automaticMask(volume, edge, { extendVoxels: EXTEND_VOXELS, fadeVoxels: FADE_VOXELS });
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** With correlation c of halves, signal power is c / (1 - c) times the power of a half's noise. */
export function signalPower(
  correlation: Float64Array,
  half: FourierSum,
  noise: Float32Array,
  left: number,
): Float32Array {
  const weights = half.shellWeights();
  return noise.map((power, shell) => {
    const bounded = Math.min(HIGHEST, Math.max(LOWEST, correlation[shell] ?? 0));
    return ((left * power) / Math.max(weights[shell] ?? 0, Number.EPSILON)) * (bounded / (1 - bounded));
  });
}

/** The last shell before the halves disagree. */
export function agreement(correlation: Float64Array): number {
  const first = correlation.findIndex((value, shell) => shell > 0 && !(value >= AGREEMENT));
  return first < 0 ? correlation.length - 1 : first - 1;
}

/** The model of `Averager.iterate` in the terms of `evaluatePose`: the third channel of a field is its variance. */
function factorsOf(noise: Float32Array): ShellFactors {
  return {
    cross: Float64Array.from(noise, (power) => 2 / power),
    own: Float64Array.from(noise, (power) => 1 / power),
    constant: new Float64Array(noise.length),
    gain: new Float64Array(noise.length).fill(1),
  };
}

function observationOf({ frequencies, spectra, weights }: ParticleBand, row: number): Observation {
  const { count } = frequencies;
  const values = new Float64Array(2 * count);
  for (let k = 0; k < count; k++) {
    values[2 * k] = spectra[2 * row * count + k];
    values[2 * k + 1] = spectra[(2 * row + 1) * count + k];
  }
  const own = Float64Array.from(weights.subarray(row * count, (row + 1) * count));
  return { frequencies, values, weights: own, powers: own };
}

function meanChange(
  before: readonly LikelyPose[],
  after: readonly LikelyPose[],
  halves: readonly (readonly number[])[],
): { readonly meanDegrees: number; readonly meanShiftVoxels: number } {
  const rows = halves.flat();
  let [meanDegrees, meanShiftVoxels] = [0, 0];
  for (const row of rows) {
    const [{ shiftVoxels: one, rotation }, { shiftVoxels: other }] = [before[row], after[row]];
    meanDegrees += angleBetweenQuaternions(rotation, after[row].rotation) / rows.length;
    meanShiftVoxels += Math.hypot(one.x - other.x, one.y - other.y, one.z - other.z) / rows.length;
  }
  return { meanDegrees, meanShiftVoxels };
}
