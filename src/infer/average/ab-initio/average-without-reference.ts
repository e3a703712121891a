/** From particles in unknown poses to averages: independent halves, begun from single particles, refined, and compared. */
import { AbortError, ConfigError } from "../../../errors.js";
import type { OnnxRuntime } from "../../../runtime/index.js";
import { createRandom } from "../../../volume/index.js";
import { createFrequencies } from "../../align/frequencies.js";
import type { Subtomogram } from "../../align/subtomogram.js";
import { createFourierSum, type FourierSum } from "../fourier-sum.js";
import { type HalfMaps, joinHalves } from "../half-maps.js";
import { sphereMask } from "../sphere-mask.js";
import { type AbInitioState, averageAbInitio, type IterationReport } from "./ab-initio.js";
import { posesInFrameOf } from "./common-frame.js";
import { type Averages, createAverager, type LikelyPose, powerFraction } from "./iteration.js";
import { createParticleBand, type ParticleBand } from "./particle-band.js";
import { type RefinementReport, refineInHalves } from "./refine.js";
import { stagesFor } from "./stages.js";

/** Particles that are read when they are asked for; more than once. */
export interface ParticleSource {
  readonly count: number;
  /** Voxels along the edge of every box. */
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  read(index: number): Subtomogram | Promise<Subtomogram>;
}

/** What is told while averages are made. */
export type AveragingReport =
  | ({ readonly step: "reading" } & { readonly done: number; readonly total: number })
  | ({
      readonly step: "searching";
      readonly half: 0 | 1;
      readonly done: number;
      readonly total: number;
    } & IterationReport)
  | ({ readonly step: "refining"; readonly done: number; readonly total: number } & RefinementReport)
  | ({ readonly step: "summing" } & { readonly done: number; readonly total: number });

/** What has been found of either half; plain data, for `AverageOptions.state`. */
export type AveragingState = readonly [AbInitioState | undefined, AbInitioState | undefined];

export interface AverageOptions {
  /** Of the particle, from end to end. */
  readonly diameterAngstrom: number;
  /** How many different things the particles may be; default 1. */
  readonly references?: number;
  /** How far from the middle of its box a particle may lie, along each axis; default 2 voxels. */
  readonly largestShiftVoxels?: number;
  /** Poses are found by nothing finer; default 2.2 voxels. */
  readonly finestAngstrom?: number;
  /** The particle to begin from, such as the one that was clicked; default the best of a few. For one reference only. */
  readonly start?: number | undefined;
  readonly seed: string | number;
  readonly threads?: number | undefined;
  /** Where a run that was stopped had come to. Particles and options must be the same. */
  readonly state?: AveragingState | undefined;
  readonly onReport?: ((report: AveragingReport) => void) | undefined;
  /** Called after each iteration of the search with all that is needed to go on from there. */
  readonly onState?: ((state: AveragingState) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A particle's pose in the frame of the average it belongs to. */
export interface AveragedParticle extends LikelyPose {
  readonly half: 0 | 1;
  /** Noise explains it as well as any average does: it is in no average. */
  readonly isSetAside: boolean;
}

/** One of the averages, in boxes of the particles' own edge. */
export interface Average extends HalfMaps {
  /** Particles in it. */
  readonly count: number;
}

/** What came of averaging. The halves share nothing, not even where they began: what both show is in the particles. */
export interface AveragedParticles {
  /** The largest first. */
  readonly averages: readonly Average[];
  readonly particles: readonly AveragedParticle[];
}

const REFINEMENT_ROUNDS = 5;
const FINEST_VOXELS = 2.2;
const LARGEST_SHIFT_VOXELS = 2;
/** What is averaged is cut to the particle and this beyond it on each side, beside its shift. */
const MARGIN_VOXELS = 3;
/** Masks leave room of 20 Å around the particle; over how many voxels they fade out. */
const [ROOM_ANGSTROM, FADE_VOXELS] = [20, 3] as const;
const FEWEST_PARTICLES = 10;

/**
 * Averages particles of one class, or of a few, without a reference. The particles fall into two halves that never meet before
 * the end: each begins from a particle of its own, and their averages are then turned into one frame and compared.
 * 500 particles of 32^3 voxels take 80 s of one core. Memory: 20 to 40 kB a particle at 10 Å voxels.
 * @throws ConfigError when there are too few particles or the box is smaller than the particle, ModelError, AbortError; what
 * `source.read` throws.
 */
export async function averageWithoutReference(
  runtime: OnnxRuntime,
  source: ParticleSource,
  options: AverageOptions,
): Promise<AveragedParticles> {
  const { threads, references = 1, signal } = options;
  const geometry = geometryOf(source, options);
  const { edge, radiusVoxels, mask } = geometry;
  const left = powerFraction(mask);
  const random = createRandom(options.seed).fork("average");
  const order = random.fork("halves").sample(source.count, source.count);
  const middle = source.count >> 1;
  const halves = [order.slice(0, middle), order.slice(middle)] as const;
  const band = await readBand(source, geometry, options);
  await using averager = createAverager(runtime, { band, mask, threads });
  const stages = stagesFor({ ...geometry, ...options, voxelSizeAngstrom: source.voxelSizeAngstrom });
  const total = stages.reduce((sum, { iterations }) => sum + iterations, 0);
  const states: [AbInitioState | undefined, AbInitioState | undefined] = [...(options.state ?? [undefined, undefined])];
  const search = (half: 0 | 1): Promise<Averages> =>
    averageAbInitio(averager, {
      ...{ band, stages, left, references, signal },
      rows: halves[half],
      start: options.start !== undefined && halves[half].includes(options.start) ? options.start : undefined,
      random: random.fork("half", half),
      state: states[half],
      onIteration(report, state) {
        states[half] = state;
        const before = stages.slice(0, state.stage).reduce((sum, { iterations }) => sum + iterations, 0);
        options.onReport?.({ step: "searching", half, done: before + state.iteration, total, ...report });
        options.onState?.([...states]);
      },
    });
  const found = [await search(0), await search(1)] as const;
  const frame = { edge, voxelSizeAngstrom: source.voxelSizeAngstrom, radiusVoxels, threads };
  const second = await posesInFrameOf(runtime, found[0], found[1], frame);
  const isOfSecond = new Set(halves[1]);
  const poses = found[0].poses.map((pose, row) => (isOfSecond.has(row) ? second[row] : pose));
  const present = (rows: readonly number[]) => rows.filter((row) => poses[row].presence >= 0.5);
  const { poses: refined } = refineInHalves(averager, poses, {
    ...{ band, mask, left, references, signal },
    halves: [present(halves[0]), present(halves[1])],
    noise: found[0].powers.noise,
    rounds: REFINEMENT_ROUNDS,
    onRound: (report, done) => options.onReport?.({ step: "refining", done, total: REFINEMENT_ROUNDS, ...report }),
  });
  const particles = refined.map(
    (pose, row): AveragedParticle => ({
      ...pose,
      half: isOfSecond.has(row) ? 1 : 0,
      isSetAside: pose.presence < 0.5,
    }),
  );
  return bySize(await sumAll(source, particles, references, options), particles, (sums) =>
    joinHalves(
      sums,
      sphereMask(source.edge, Math.min(radiusVoxels, source.edge / 2 - FADE_VOXELS), FADE_VOXELS),
      random.fork("correlation"),
    ),
  );
}

/** What the averages' size follows from. */
function geometryOf({ count, edge: boxEdge, voxelSizeAngstrom }: ParticleSource, options: AverageOptions) {
  const { diameterAngstrom, largestShiftVoxels = LARGEST_SHIFT_VOXELS, references = 1 } = options;
  if (count < FEWEST_PARTICLES * references)
    throw new ConfigError(`${count} particles are too few for ${references === 1 ? "an average" : "averages"}`, {
      hint: `Give at least ${FEWEST_PARTICLES} for each average.`,
    });
  if (!(diameterAngstrom > 0) || diameterAngstrom > boxEdge * voxelSizeAngstrom)
    throw new ConfigError(
      `a particle of ${diameterAngstrom} Å does not fit into boxes of ${boxEdge * voxelSizeAngstrom} Å`,
      { hint: "Give the particle's diameter, or larger boxes." },
    );
  const wanted = diameterAngstrom / voxelSizeAngstrom / 2 + largestShiftVoxels + MARGIN_VOXELS;
  const edge = Math.min(boxEdge, 2 * Math.ceil(wanted));
  const radiusVoxels = Math.min((diameterAngstrom / 2 + ROOM_ANGSTROM) / voxelSizeAngstrom, edge / 2 - FADE_VOXELS);
  const finest = options.finestAngstrom ?? FINEST_VOXELS * voxelSizeAngstrom;
  const largestShell = Math.min(Math.ceil(edge / 2) - 1, Math.round((edge * voxelSizeAngstrom) / finest));
  const mask = sphereMask(edge, radiusVoxels, FADE_VOXELS);
  return { edge, radiusVoxels, largestShell, largestShiftVoxels, mask };
}

async function readBand(
  source: ParticleSource,
  { edge, radiusVoxels, largestShell, largestShiftVoxels }: ReturnType<typeof geometryOf>,
  { onReport, signal }: AverageOptions,
): Promise<ParticleBand> {
  const room = Math.min(radiusVoxels + largestShiftVoxels, edge / 2 - 1);
  const frequencies = createFrequencies(edge, largestShell);
  const { band, add } = createParticleBand(frequencies, sphereMask(edge, room, FADE_VOXELS), source.count);
  for (let index = 0; index < source.count; index++) {
    if (signal?.aborted) throw new AbortError("stopped before the end", { cause: signal.reason });
    onReport?.({ step: "reading", done: index, total: source.count });
    add(await source.read(index));
  }
  return band;
}

/** Sums of whole boxes, for each average the two of its halves. */
async function sumAll(
  source: ParticleSource,
  particles: readonly AveragedParticle[],
  references: number,
  { onReport, signal }: AverageOptions,
): Promise<(readonly [FourierSum, FourierSum])[]> {
  const sums = Array.from(
    { length: references },
    () => [createFourierSum(source.edge), createFourierSum(source.edge)] as const,
  );
  for (const [index, particle] of particles.entries()) {
    if (signal?.aborted) throw new AbortError("stopped before the end", { cause: signal.reason });
    onReport?.({ step: "summing", done: index, total: particles.length });
    if (!particle.isSetAside) sums[particle.reference][particle.half].add(await source.read(index), particle);
  }
  return sums;
}

/** Averages in order of how many particles they have. */
function bySize(
  sums: readonly (readonly [FourierSum, FourierSum])[],
  particles: readonly AveragedParticle[],
  join: (sums: readonly [FourierSum, FourierSum]) => HalfMaps,
): AveragedParticles {
  const counts = sums.map(
    (_, i) => particles.filter(({ reference, isSetAside }) => reference === i && !isSetAside).length,
  );
  const order = [...sums.keys()].sort((a, b) => counts[b] - counts[a]);
  return {
    averages: order.map((i) => ({ ...join(sums[i]), count: counts[i] })),
    particles: particles.map((particle) => ({ ...particle, reference: order.indexOf(particle.reference) })),
  };
}
