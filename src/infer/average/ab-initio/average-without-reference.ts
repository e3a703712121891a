/** From particles in unknown poses to averages: independent halves, begun from single particles, refined, and compared. */
import type { OnnxRuntime } from "../../../runtime/index.js";
import { createRandom } from "../../../volume/index.js";
import { type AbInitioState, averageAbInitio } from "./ab-initio.js";
import type { AveragedParticles, AverageOptions, ParticleSource } from "./averaging.js";
import { posesInFrameOf } from "./common-frame.js";
import { comparedMask, geometryOf, readBand } from "./geometry.js";
import { type Averages, createAverager, powerFraction } from "./iteration.js";
import { refineWithSymmetry } from "./refine-with-symmetry.js";
import { stagesFor } from "./stages.js";
import { sumBoxes } from "./sum-boxes.js";

/** A particle that is less probably there than this is set aside. */
const LEAST_PRESENCE = 0.5;

/**
 * Averages particles of one class, or of a few, without a reference. The particles fall into two halves that never meet before
 * the end: each begins from a particle of its own, and their averages are then turned into one frame and compared.
 * 500 particles of 32^3 voxels of 10 Å take 45 to 90 s of processor time, and 20 to 60 kB of memory each.
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
  const stages = stagesFor(geometry);
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
  return sumBoxes(source, particles, refined.symmetries, {
    mask: comparedMask(source, geometry),
    random: random.fork("correlation"),
    diameterAngstrom: options.diameterAngstrom,
    onReport: options.onReport,
    signal,
  });
}
