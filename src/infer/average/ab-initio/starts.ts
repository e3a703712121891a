import { throwIfAborted } from "../../../errors.js";
import { NO_TURN, type Random } from "../../../volume/index.js";
import type { Subtomogram } from "../../align/subtomogram.js";
import type { Averager, Averages } from "./iteration.js";
import type { BandParticle, ParticleBand } from "./particle-band.js";
import { firstPowers } from "./shell-powers.js";
import type { Stage } from "./stages.js";
import { createBandWriter } from "./turned-sum.js";

export interface StartOptions {
  readonly band: ParticleBand;
  /** The first stage. */
  readonly stage: Stage;
  /** Particles that take part. */
  readonly rows: readonly number[];
  /** Fraction of noise that references' mask leaves. */
  readonly left: number;
  readonly references: number;
  readonly random: Random;
  /** Called with particles that were gone through, once in each iteration of each beginning, and of how many. */
  readonly onRows?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What averages can begin from. */
export interface KnownStart {
  readonly subtomogram: Subtomogram;
  /** Whether it is a map, as good as free of noise and in any unit, and not a particle. */
  readonly isMap: boolean;
}

/** A map counts as the sum of this many particles. */
const MANY = 1000;
/** Beginnings that are tried, with how many particles and iterations. */
const STARTS = 8;
const [START_PARTICLES, START_ITERATIONS] = [500, 4] as const;

/**
 * Averages to begin from: each is what one particle shows of it. Of a few beginnings the one from which a first look at some of
 * the particles goes farthest. @throws ModelError, AbortError.
 */
export async function bestStart(averager: Averager, options: StartOptions): Promise<Averages> {
  const { band, random, references } = options;
  const some = someRows(options);
  const starts: Averages[] = [];
  for (let attempt = 0; attempt < STARTS; attempt++) {
    const chosen = random.fork("start", attempt).sample(some.length, references);
    starts.push(startFrom(averager, options, await band.read(chosen.map((at) => some[at]))));
  }
  return farthest(averager, starts, some, options);
}

/**
 * As `bestStart`, for one reference: from what is known of it already. @throws ModelError, AbortError.
 * @param examples the bands of `known`.
 */
export async function startFromKnown(
  averager: Averager,
  known: readonly KnownStart[],
  examples: readonly BandParticle[],
  options: StartOptions,
): Promise<Averages> {
  const starts = known.map(({ isMap }, i) =>
    startFrom(averager, options, [isMap ? asManyParticles(examples[i], options) : examples[i]]),
  );
  return starts.length === 1 ? starts[0] : farthest(averager, starts, someRows(options), options);
}

/** As the sum of many particles, scaled as the signal among the particles is taken to be. */
function asManyParticles({ spectrum, weights }: BandParticle, { band, left, stage }: StartOptions): BandParticle {
  const { count: length, shell } = band.frequencies;
  const { signal } = firstPowers(band.powers, left, 1);
  let [expected, own] = [0, 0];
  for (let k = 0; k < length && shell[k] <= stage.shell; k++) {
    if (shell[k] === 0) continue;
    expected += signal[0][shell[k]];
    own += spectrum[k] ** 2 + spectrum[length + k] ** 2;
  }
  const scale = own > 0 ? Math.sqrt(expected / own) : 1;
  return {
    spectrum: spectrum.map((value) => value * MANY * scale),
    weights: weights.map((weight) => weight * MANY),
  };
}

function someRows({ rows, random, references }: StartOptions): number[] {
  const count = Math.min(rows.length, START_PARTICLES * references);
  return random
    .fork("start particles")
    .sample(rows.length, count)
    .map((at) => rows[at]);
}

async function farthest(
  averager: Averager,
  starts: readonly Averages[],
  rows: readonly number[],
  { stage, random, onRows, signal }: StartOptions,
): Promise<Averages> {
  const total = starts.length * START_ITERATIONS * rows.length;
  let best: { averages: Averages; evidence: number } | undefined;
  for (const [attempt, start] of starts.entries()) {
    let averages = start;
    for (let iteration = 0; iteration < START_ITERATIONS; iteration++) {
      const earlier = (attempt * START_ITERATIONS + iteration) * rows.length;
      averages = await averager.iterate(averages, stage, random.fork("start", attempt, iteration), rows, {
        onRows(done) {
          throwIfAborted(signal);
          onRows?.(earlier + done, total);
        },
      });
    }
    const evidence = meanEvidence(averages, rows);
    if (!best || evidence > best.evidence) best = { averages, evidence };
  }
  if (!best) throw new RangeError("there is nothing to begin from");
  return best.averages;
}

/** Each reference is what one of the examples shows of it. */
function startFrom(averager: Averager, { band, left }: StartOptions, examples: readonly BandParticle[]): Averages {
  const powers = firstPowers(band.powers, left, examples.length);
  const write = createBandWriter(band.frequencies);
  const identity = { rotation: NO_TURN, shiftVoxels: { x: 0, y: 0, z: 0 } };
  const references = examples.map(({ spectrum, weights }, i) => {
    const sum = averager.createSum();
    sum.add(write(spectrum, weights), identity);
    return averager.solve(sum, powers.noise, powers.signal[i]);
  });
  return {
    references,
    fractions: examples.map(() => 1 / examples.length),
    powers,
    poses: Array.from({ length: band.count }, () => ({
      ...identity,
      reference: 0,
      probability: 0,
      presence: 0,
      evidence: 0,
    })),
  };
}

/** Of the particles that take part. */
export function meanEvidence({ poses }: Averages, rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + poses[row].evidence, 0) / rows.length;
}
