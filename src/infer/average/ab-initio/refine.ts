import { ConfigError, throwIfAborted } from "../../../errors.js";
import { fourierShellCorrelation } from "../../../evaluate/index.js";
import { angleModuloSymmetry, type Pose, type Quaternion } from "../../../volume/index.js";
import type { Frequencies } from "../../align/frequencies.js";
import type { Observation } from "../../align/observation.js";
import { refinePose } from "../../align/refine-pose.js";
import type { ShellFactors } from "../../align/shell-factors.js";
import type { FourierSum } from "../fourier-sum.js";
import { automaticMask } from "../soft-mask.js";
import { symmetrised } from "../symmetrised.js";
import { type Averager, PART_ROWS } from "./iteration.js";
import { dividedAmong, type LikelyPose, posesOf } from "./likely-pose.js";
import { type BandParticle, type ParticleBand, ROWS_AT_ONCE } from "./particle-band.js";
import { fieldOf, type Reference } from "./reference.js";
import { updatedNoise } from "./shell-powers.js";
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

/** What a round has come to; plain data. */
export interface RefinePart {
  /** Particles that it has gone through, those of the first half first. */
  readonly done: number;
  /** Of all particles. */
  readonly poses: readonly LikelyPose[];
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
  /** Where the round was stopped. */
  readonly from?: RefinePart | undefined;
  /** Called with how many particles were gone through. */
  readonly onRows?: ((done: number) => void) | undefined;
  /** Called after every few hundred particles; the round goes on when it has resolved. */
  readonly onPart?: ((part: RefinePart) => Promise<void>) | undefined;
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
 * A round of refining poses that are nearly right: each particle's likelihood is climbed against the average of its own half, from every
 * pose that it may be in, and it counts in each as far as that is likely. What is signal and what noise follows from the halves' correlation.
 * @throws AbortError; what reading the band throws.
 */
export async function refineOnce(
  averager: Averager,
  { poses, noise }: Pick<Refined, "poses" | "noise">,
  options: RefineOptions,
): Promise<{ readonly state: Refined; readonly report: RefinementReport }> {
  const { band, left, halves, operators, from, signal, onRows, onPart } = options;
  const { references, correlations, shell, ...signals } = await solveHalves(averager, { poses, noise }, options);
  const next = [...(from?.poses ?? poses)];
  const factors = factorsOf(noise);
  const order = halves.flat();
  const fields = references.map((half) => half.map((reference) => fieldOf(reference, band.frequencies, shell)));
  for (let first = from?.done ?? 0; first < order.length; ) {
    const end = Math.min(order.length, first + ROWS_AT_ONCE, (Math.floor(first / PART_ROWS) + 1) * PART_ROWS);
    const rows = order.slice(first, end);
    for (const [i, particle] of (await band.read(rows)).entries()) {
      throwIfAborted(signal);
      onRows?.(first + i);
      const own = poses[rows[i]];
      const half = first + i < halves[0].length ? 0 : 1;
      const observation = observationOf(band.frequencies, particle);
      const climb = (pose: Pose) => refinePose(observation, fields[half][own.reference], factors, pose, { shell });
      const found = own.likelyPoses
        ? dividedAmong(own.likelyPoses.map(climb), operators[own.reference])
        : climb(own).pose;
      next[rows[i]] = { ...own, ...found };
    }
    first = end;
    if (end < order.length && end % PART_ROWS === 0) await onPart?.({ done: end, poses: [...next] });
  }
  return {
    state: { poses: next, noise: updatedNoise(band.powers, left, signals.powers, signals.fractions), correlations },
    report: { correlations, shell, ...meanChange(poses, next, halves, operators) },
  };
}

/** The average of either half of each reference, how far they agree, and how strong each is. */
export async function solveHalves(
  averager: Averager,
  { poses, noise }: Pick<Refined, "poses" | "noise">,
  { band, mask, left, halves, operators }: Pick<RefineOptions, "band" | "mask" | "left" | "halves" | "operators">,
) {
  const { edge, shellEnd } = band.frequencies;
  const sums = [
    await sumsByPose(averager, band, poses, halves[0], operators),
    await sumsByPose(averager, band, poses, halves[1], operators),
  ];
  const references: Reference[][] = [[], []];
  const correlations: Float64Array[] = [];
  const powers: Float32Array[] = [];
  const fractions: number[] = [];
  let shell = 2;
  for (const i of operators.keys()) {
    const volumes = sums.map((half) => half[i].volume().map((value, at) => value * mask[at]));
    const { byShell } = fourierShellCorrelation(volumes[0], volumes[1], edge);
    correlations.push(byShell);
    shell = Math.max(shell, agreement(byShell));
    for (const [h, half] of sums.entries()) {
      const ofHalf = signalPower(byShell, half[i], noise, left);
      references[h].push(solveOutlined(averager, half[i], noise, ofHalf, edge));
      powers.push(ofHalf);
      fractions.push(halves[h].filter((row) => poses[row].reference === i).length / band.count);
    }
  }
  return {
    ...{ references, correlations, powers, fractions },
    shell: Math.min(shellEnd.length - 1, shell + SHELLS_BEYOND),
  };
}

/** Sums of the particles of each reference in the poses that they count in, and in those that its symmetry makes equal to them. */
export async function sumsByPose(
  averager: Averager,
  band: ParticleBand,
  poses: readonly LikelyPose[],
  rows: readonly number[],
  operators: readonly (readonly Quaternion[])[],
): Promise<FourierSum[]> {
  const write = createBandWriter(band.frequencies);
  const sums = operators.map(() => averager.createSum());
  for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
    const some = rows.slice(first, first + ROWS_AT_ONCE);
    for (const [i, { spectrum, weights }] of (await band.read(some)).entries()) {
      const own = poses[some[i]];
      const subtomogram = write(spectrum, weights);
      for (const { fraction, ...pose } of posesOf(own)) sums[own.reference].add(subtomogram, pose, fraction);
    }
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
function agreement(correlation: Float64Array): number {
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

function observationOf(frequencies: Frequencies, { spectrum, weights }: BandParticle): Observation {
  const { count } = frequencies;
  const values = new Float64Array(2 * count);
  for (let k = 0; k < count; k++) {
    values[2 * k] = spectrum[k];
    values[2 * k + 1] = spectrum[count + k];
  }
  const own = Float64Array.from(weights);
  return { frequencies, values, weights: own, powers: own };
}

/** From the nearest of the poses that each particle was in. */
function meanChange(
  before: readonly LikelyPose[],
  after: readonly LikelyPose[],
  halves: readonly (readonly number[])[],
  operators: readonly (readonly Quaternion[])[],
): { readonly meanDegrees: number; readonly meanShiftVoxels: number } {
  const rows = halves.flat();
  let [meanDegrees, meanShiftVoxels] = [0, 0];
  for (const row of rows) {
    const { rotation, shiftVoxels: one, reference } = after[row];
    const { likelyPoses = [before[row]] } = before[row];
    const [{ degrees, shiftVoxels: other }] = likelyPoses
      .map((pose) => ({ ...pose, degrees: angleModuloSymmetry(rotation, pose.rotation, operators[reference]) }))
      .sort((a, b) => a.degrees - b.degrees);
    meanDegrees += degrees / rows.length;
    meanShiftVoxels += Math.hypot(one.x - other.x, one.y - other.y, one.z - other.z) / rows.length;
  }
  return { meanDegrees, meanShiftVoxels };
}
