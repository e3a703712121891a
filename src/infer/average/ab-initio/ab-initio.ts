import { AbortError } from "../../../errors.js";
import { angleBetweenQuaternions, type Random } from "../../../volume/index.js";
import type { Averager, Averages } from "./iteration.js";
import type { ParticleBand } from "./particle-band.js";
import { recentred } from "./recentre.js";
import { firstPowers, particlePowers } from "./shell-powers.js";
import type { Stage } from "./stages.js";
import { createBandWriter } from "./turned-sum.js";

/** How an iteration went. */
export interface IterationReport {
  readonly resolutionAngstrom: number;
  readonly rotations: number;
  /** Mean of the particles' evidence. */
  readonly evidence: number;
  /** Fraction of the particles whose most probable pose moved by more than the grid is coarse. */
  readonly movedFraction: number;
  /** Of the particles, by reference. */
  readonly fractions: readonly number[];
}

/** Where averaging without a reference has come to; plain data. */
export interface AbInitioState {
  readonly averages: Averages;
  readonly stage: number;
  /** Iterations of the stage that are done. */
  readonly iteration: number;
}

export interface AbInitioOptions {
  readonly band: ParticleBand;
  readonly stages: readonly Stage[];
  /** Particles that take part. */
  readonly rows: readonly number[];
  /** Fraction of noise that references' mask leaves. */
  readonly left: number;
  readonly references: number;
  /** The particle to begin from; default: the best of a few. */
  readonly start?: number | undefined;
  readonly random: Random;
  readonly state?: AbInitioState | undefined;
  readonly onIteration?: ((report: IterationReport, state: AbInitioState) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Beginnings that are tried, with how many particles and iterations. */
const STARTS = 3;
const [START_PARTICLES, START_ITERATIONS] = [200, 4] as const;
/** Poses nearer than this many times the mean spacing of the rotations are the same. */
const MOVED = 1.5;

/**
 * References of particles in unknown poses. Begins from single particles, and looks ever more finely.
 * @throws ModelError, AbortError.
 */
export async function averageAbInitio(averager: Averager, options: AbInitioOptions): Promise<Averages> {
  const { band, stages, rows, random, onIteration, signal } = options;
  let state: AbInitioState = options.state ?? {
    averages: await bestStart(averager, options),
    stage: 0,
    iteration: 0,
  };
  for (let stage = state.stage; stage < stages.length; stage++) {
    for (let iteration = state.iteration; iteration < stages[stage].iterations; iteration++) {
      throwIfAborted(signal);
      const before = state.averages;
      const found = await averager.iterate(before, stages[stage], random.fork("stage", stage, iteration), rows);
      const averages = recentred(found, band.frequencies, rows);
      state = { averages, stage, iteration: iteration + 1 };
      onIteration?.(reportOf(before, averages, stages[stage], rows), state);
    }
    state = { ...state, stage: stage + 1, iteration: 0 };
  }
  return state.averages;
}

/** The beginning from which a first look at some of the particles goes farthest. */
async function bestStart(averager: Averager, options: AbInitioOptions): Promise<Averages> {
  const { rows, random, stages, references, start, signal } = options;
  if (start !== undefined && references === 1) return startFrom(averager, options, [start]);
  const some = random
    .fork("start particles")
    .sample(rows.length, Math.min(rows.length, START_PARTICLES * references))
    .map((at) => rows[at]);
  let best: { averages: Averages; evidence: number } | undefined;
  for (let attempt = 0; attempt < STARTS; attempt++) {
    const chosen = random.fork("start", attempt).sample(some.length, references);
    let averages = startFrom(
      averager,
      options,
      chosen.map((at) => some[at]),
    );
    for (let iteration = 0; iteration < START_ITERATIONS; iteration++) {
      throwIfAborted(signal);
      averages = await averager.iterate(averages, stages[0], random.fork("start", attempt, iteration), some);
    }
    const evidence = meanEvidence(averages, some);
    if (!best || evidence > best.evidence) best = { averages, evidence };
  }
  if (!best) throw new RangeError("there is nothing to begin from");
  return best.averages;
}

/** Each reference is what one particle shows of it. */
function startFrom(averager: Averager, { band, left }: AbInitioOptions, starts: readonly number[]): Averages {
  const { frequencies, count } = band;
  const powers = firstPowers(particlePowers(band), left, starts.length);
  const write = createBandWriter(frequencies);
  const identity = { rotation: { w: 1, x: 0, y: 0, z: 0 }, shiftVoxels: { x: 0, y: 0, z: 0 } };
  const references = starts.map((row, i) => {
    const sum = averager.createSum();
    const length = frequencies.count;
    const spectrum = band.spectra.subarray(2 * row * length, 2 * (row + 1) * length);
    sum.add(write(spectrum, band.weights.subarray(row * length, (row + 1) * length)), identity);
    return averager.solve(sum, powers.noise, powers.signal[i]);
  });
  return {
    references,
    fractions: starts.map(() => 1 / starts.length),
    powers,
    poses: Array.from({ length: count }, () => ({
      ...identity,
      reference: 0,
      probability: 0,
      presence: 0,
      evidence: 0,
    })),
  };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortError("stopped before the end", { cause: signal.reason });
}

const meanEvidence = ({ poses }: Averages, rows: readonly number[]): number =>
  rows.reduce((sum, row) => sum + poses[row].evidence, 0) / rows.length;

function reportOf(before: Averages, after: Averages, stage: Stage, rows: readonly number[]): IterationReport {
  const spacingDegrees = (180 / Math.PI) * Math.cbrt((8 * Math.PI ** 2) / stage.rotations);
  const moved = rows.filter(
    (row) =>
      before.poses[row].reference !== after.poses[row].reference ||
      angleBetweenQuaternions(before.poses[row].rotation, after.poses[row].rotation) > MOVED * spacingDegrees,
  );
  return {
    resolutionAngstrom: stage.resolutionAngstrom,
    rotations: stage.rotations,
    evidence: meanEvidence(after, rows),
    movedFraction: moved.length / rows.length,
    fractions: after.fractions,
  };
}
