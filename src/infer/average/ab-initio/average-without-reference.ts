/** From particles in unknown poses to averages: independent halves, begun from single particles, refined, and compared. */
import type { OnnxRuntime } from "../../../runtime/index.js";
import { createRandom } from "../../../volume/index.js";
import { powerFraction } from "../sphere-mask.js";
import type { AveragedParticles, AverageOptions, ParticleSource } from "./averaging.js";
import { posesInFrameOf } from "./common-frame.js";
import { type AveragingGeometry, comparedMask, geometryOf, knownParticles, readBand } from "./geometry.js";
import { type Averager, createAverager } from "./iteration.js";
import { type RefiningState, refineWithSymmetry } from "./refine-with-symmetry.js";
import { type SearchOptions, searchInHalves } from "./search.js";
import { type Stage, stagesFor, stagesOfSet } from "./stages.js";
import { sumBoxes } from "./sum-boxes.js";

/** A particle that is less probably there than this is set aside. */
const LEAST_PRESENCE = 0.5;

/**
 * Averages particles of one class, or of a few, without a reference. All go through the coarsest stage together, from a particle or
 * from `start`; then they fall into two halves that never meet before the end, when their averages are turned into one frame and
 * compared. Below a hundred particles the halves part one stage later. What they have in common up to there confirms nothing.
 * 500 particles of 32^3 voxels of 10 Å take 60 to 240 s of processor time. Memory is 50 kB a particle of 150 Å and 135 kB of
 * one of 250 Å, whatever the edge of the boxes, unless `openRows` puts them elsewhere; beyond 2,000 particles time grows with what
 * goes through all: the first and the last search, the look at every rotation after two rounds of refinement, and the rounds.
 * @throws ConfigError when there are too few particles or the box is smaller than the particle, ModelError, AbortError; what
 * `source.read`, `openRows` and `onState` throw.
 */
export async function averageWithoutReference(
  runtime: OnnxRuntime,
  source: ParticleSource,
  options: AverageOptions,
): Promise<AveragedParticles> {
  const { threads, references = 1, symmetry = "find", state, start, signal, onProgress, onReport, onState } = options;
  const geometry = geometryOf(source, options);
  const { mask } = geometry;
  const left = powerFraction(mask);
  const random = createRandom(options.seed).fork("average");
  const order = random.fork("halves").sample(source.count, source.count);
  const middle = source.count >> 1;
  const halves = [order.slice(0, middle), order.slice(middle)] as const;
  const band = await readBand(source, geometry, options);
  await using averager = createAverager(runtime, { band, mask, threads });
  const { stages, sharedStages } = stagesOfSet(stagesFor(geometry), source.count / references);
  const begin =
    state?.refined ??
    (await searchedPoses(runtime, averager, geometry, {
      ...{ band, stages, halves, left, references, sharedStages, random, threads, signal },
      known: start && { starts: start, bands: await knownParticles(start, geometry, band.frequencies) },
      ...{ state, onProgress, onReport, onState },
    }));
  const refined = await refineWithSymmetry(averager, begin, {
    ...{ band, mask, left, signal, references },
    halves: [0, 1].map((half) => halves[half].filter((row) => isPresent(begin.poses[row]))) as [number[], number[]],
    voxelSizeAngstrom: source.voxelSizeAngstrom,
    symmetry,
    fineness: stages[stages.length - 1],
    random: random.fork("likely poses"),
    onRows: (done, total) => onProgress?.({ step: "refining", done, total }),
    onRound: (report, done, total) => onReport?.({ step: "refining", done, total, ...report }),
    onState: (now) => onState?.({ refined: now }),
  });
  const isOfSecond = new Set(halves[1]);
  const particles = refined.poses.map((pose, row) => ({
    ...pose,
    half: isOfSecond.has(row) ? (1 as const) : (0 as const),
    isSetAside: !isPresent(pose),
  }));
  return await sumBoxes(source, particles, refined.symmetries, {
    mask: comparedMask(source, geometry),
    random: random.fork("correlation"),
    isSymmetryGiven: symmetry !== "find",
    leastAngstrom: Math.min(options.diameterAngstrom / 2, sharedResolution(stages, sharedStages, start)),
    onProgress,
    signal,
  });
}

const isPresent = ({ presence }: { readonly presence: number }): boolean => presence >= LEAST_PRESENCE;

/** Where both halves' searches have come to, in the first one's frame. */
async function searchedPoses(
  runtime: OnnxRuntime,
  averager: Averager,
  { edge, voxelSizeAngstrom, radiusVoxels }: AveragingGeometry,
  { threads, ...search }: SearchOptions & Pick<AverageOptions, "threads">,
): Promise<RefiningState> {
  const [first, second] = await searchInHalves(averager, search);
  const frame = { edge, voxelSizeAngstrom, radiusVoxels, threads };
  const turned = await posesInFrameOf(runtime, first, second, frame);
  const isOfSecond = new Set(search.halves[1]);
  const poses = first.poses.map((pose, row) => (isOfSecond.has(row) ? turned[row] : pose));
  return { rounds: 0, poses, noise: first.powers.noise, correlations: [] };
}

/** The detail to which halves have something in common that is not from their particles. */
function sharedResolution(stages: readonly Stage[], shared: number, start: AverageOptions["start"]): number {
  if (shared > 0) return stages[shared - 1].resolutionAngstrom;
  return start ? stages[0].resolutionAngstrom : Number.POSITIVE_INFINITY;
}
