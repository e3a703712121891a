/** From particles in unknown poses to averages: independent halves, begun from single particles, refined, and compared. */
import type { OnnxRuntime } from "../../../runtime/index.js";
import { createRandom } from "../../../volume/index.js";
import type { AveragedParticles, AverageOptions, ParticleSource } from "./averaging.js";
import { posesInFrameOf } from "./common-frame.js";
import { comparedMask, geometryOf, knownBand, readBand } from "./geometry.js";
import { createAverager, powerFraction } from "./iteration.js";
import { refineWithSymmetry } from "./refine-with-symmetry.js";
import { searchInHalves } from "./search.js";
import { type Stage, stagesFor, stagesOfSet } from "./stages.js";
import { sumBoxes } from "./sum-boxes.js";

/** A particle that is less probably there than this is set aside. */
const LEAST_PRESENCE = 0.5;

/**
 * Averages particles of one class, or of a few, without a reference. The particles fall into two halves that never meet before
 * the end: each begins from a particle of its own, and their averages are then turned into one frame and compared. Below a
 * hundred particles all go through the coarse stages together, and with `start` both halves begin from it: what they have in
 * common up to there confirms nothing.
 * 500 particles of 32^3 voxels of 10 Å take 45 to 90 s of processor time. Memory is 50 kB a particle of 150 Å and 135 kB of
 * one of 250 Å, whatever the edge of the boxes; beyond 2,000 particles time grows with the first and the last search of all alone.
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
  const { stages, sharedStages } = stagesOfSet(stagesFor(geometry), source.count / references);
  const found = await searchInHalves(averager, {
    ...{ band, stages, halves, left, references, sharedStages, random, signal },
    known: options.start && { starts: options.start, band: knownBand(options.start, geometry, band.frequencies) },
    state: options.state,
    onReport: options.onReport,
    onState: options.onState,
  });
  const frame = { edge, voxelSizeAngstrom: source.voxelSizeAngstrom, radiusVoxels, threads };
  const second = await posesInFrameOf(runtime, found[0], found[1], frame);
  const isOfSecond = new Set(halves[1]);
  const poses = found[0].poses.map((pose, row) => (isOfSecond.has(row) ? second[row] : pose));
  const isPresent = (row: number): boolean => poses[row].presence >= LEAST_PRESENCE;
  const refined = refineWithSymmetry(averager, poses, {
    ...{ band, mask, left, signal, references },
    halves: [halves[0].filter(isPresent), halves[1].filter(isPresent)],
    noise: found[0].powers.noise,
    voxelSizeAngstrom: source.voxelSizeAngstrom,
    symmetry: options.symmetry ?? "find",
    onRound: (report, done, rounds) => options.onReport?.({ step: "refining", done, total: rounds, ...report }),
  });
  const particles = refined.poses.map((pose, row) => ({
    ...pose,
    half: isOfSecond.has(row) ? (1 as const) : (0 as const),
    isSetAside: !isPresent(row),
  }));
  return await sumBoxes(source, particles, refined.symmetries, {
    mask: comparedMask(source, geometry),
    random: random.fork("correlation"),
    leastAngstrom: Math.min(options.diameterAngstrom / 2, sharedResolution(stages, sharedStages, options.start)),
    onReport: options.onReport,
    signal,
  });
}

/** The detail to which halves have something in common that is not from their particles. */
function sharedResolution(stages: readonly Stage[], shared: number, start: AverageOptions["start"]): number {
  if (shared > 0) return stages[shared - 1].resolutionAngstrom;
  return start ? stages[0].resolutionAngstrom : Number.POSITIVE_INFINITY;
}
