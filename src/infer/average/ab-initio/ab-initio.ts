import { throwIfAborted } from "../../../errors.js";
import { angleBetweenQuaternions, type Random } from "../../../volume/index.js";
import type { Averager, Averages } from "./iteration.js";
import type { ParticleBand } from "./particle-band.js";
import { recentred } from "./recentre.js";
import type { Stage } from "./stages.js";
import { meanEvidence } from "./starts.js";

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
  readonly random: Random;
  readonly onIteration?: ((report: IterationReport, state: AbInitioState) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** This many particles show a reference well enough: the others come with the last iteration of the first and of the last stage. */
const ENOUGH_PARTICLES = 1000;
/** Poses nearer than this many times the mean spacing of the rotations are the same. */
const MOVED = 1.5;

/**
 * References of particles in unknown poses, from a beginning on and looking ever more finely.
 * @throws ModelError, AbortError.
 */
export async function averageAbInitio(
  averager: Averager,
  begin: AbInitioState,
  options: AbInitioOptions,
): Promise<Averages> {
  const { band, stages, rows, random, onIteration, signal } = options;
  const enough = ENOUGH_PARTICLES * begin.averages.references.length;
  const some =
    rows.length > enough
      ? random
          .fork("some")
          .sample(rows.length, enough)
          .map((at) => rows[at])
      : rows;
  let state = begin;
  for (let stage = state.stage; stage < stages.length; stage++) {
    for (let iteration = state.iteration; iteration < stages[stage].iterations; iteration++) {
      throwIfAborted(signal);
      const before = state.averages;
      const isOuter = stage === 0 || stage === stages.length - 1;
      const part = isOuter && iteration === stages[stage].iterations - 1 ? rows : some;
      const found = await averager.iterate(before, stages[stage], random.fork("stage", stage, iteration), part);
      const averages = recentred(found, band.frequencies, part);
      state = { averages, stage, iteration: iteration + 1 };
      onIteration?.(reportOf(before, averages, stages[stage], part), state);
    }
    state = { ...state, stage: stage + 1, iteration: 0 };
  }
  return state.averages;
}

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
