import { throwIfAborted } from "../../../errors.js";
import { angleBetweenQuaternions, type Random } from "../../../volume/index.js";
import type { Averager, Averages, IterationPart } from "./iteration.js";
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
  /** What the next one has come to. */
  readonly part?: IterationPart;
}

export interface AbInitioOptions {
  readonly band: ParticleBand;
  readonly stages: readonly Stage[];
  /** Particles that take part. */
  readonly rows: readonly number[];
  readonly random: Random;
  /** Called with particles that were gone through, once in each iteration, and of how many. */
  readonly onRows?: ((done: number, total: number) => void) | undefined;
  readonly onIteration?: ((report: IterationReport, state: AbInitioState) => void) | undefined;
  /** Called after every iteration, and within those of many particles; the search goes on when it has resolved. */
  readonly onState?: ((state: AbInitioState) => void | Promise<void>) | undefined;
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
  const { band, stages, rows, random, onRows, onIteration, onState, signal } = options;
  const enough = ENOUGH_PARTICLES * begin.averages.references.length;
  const some =
    rows.length > enough
      ? random
          .fork("some")
          .sample(rows.length, enough)
          .map((at) => rows[at])
      : rows;
  const rowsOf = (stage: number, iteration: number) => {
    const isOuter = stage === 0 || stage === stages.length - 1;
    return isOuter && iteration === stages[stage].iterations - 1 ? rows : some;
  };
  const plan = stages.map(({ iterations }, stage) =>
    Array.from({ length: iterations }, (_, iteration) => rowsOf(stage, iteration).length),
  );
  const total = sum(plan.flat());
  let state = begin;
  for (let stage = state.stage; stage < stages.length; stage++) {
    for (let iteration = state.iteration; iteration < stages[stage].iterations; iteration++) {
      throwIfAborted(signal);
      const { averages: before, part: from } = state;
      const taken = rowsOf(stage, iteration);
      const earlier = sum(plan.slice(0, stage).flat()) + sum(plan[stage].slice(0, iteration));
      const found = await averager.iterate(before, stages[stage], random.fork("stage", stage, iteration), taken, {
        from,
        onRows(done) {
          throwIfAborted(signal);
          onRows?.(earlier + done, total);
        },
        onPart: async (part) => onState?.({ averages: before, stage, iteration, part }),
      });
      const averages = recentred(found, band.frequencies, taken);
      state = { averages, stage, iteration: iteration + 1 };
      onIteration?.(reportOf(before, averages, stages[stage], taken), state);
      await onState?.(state);
    }
    state = { averages: state.averages, stage: stage + 1, iteration: 0 };
  }
  return state.averages;
}

const sum = (values: readonly number[]): number => values.reduce((one, other) => one + other, 0);

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
