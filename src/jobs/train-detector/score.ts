/** How well a detector finds the particles of simulated specimens that it was not trained on. */
import {
  averagePrecision,
  bestPoint,
  matchPicks,
  type PickedParticle,
  pickOutcomes,
  precisionRecallCurve,
  type TrueParticle,
} from "../../evaluate/index.js";
import { nodeRuntime } from "../../files/model/index.js";
import { createNetworkDetector, planTiles, suppressNeighbours, tilePeaks } from "../../infer/index.js";
import { breathe } from "../../progress.js";
import { STEPS_PER_DEVIATION, type TrainingSpecimen } from "../../train/index.js";
import { createRandom } from "../../volume/index.js";

/** Noise in which a specimen is searched: as the reconstruction leaves it, or of the same power at every frequency. */
export interface DetectorCondition {
  readonly name: string;
  readonly snr: number;
  readonly noise: "reconstructed" | "white";
}

const DETECTOR_CONDITIONS: readonly DetectorCondition[] = [
  { name: "SNR 2", snr: 2, noise: "reconstructed" },
  { name: "SNR 0.5", snr: 0.5, noise: "reconstructed" },
  { name: "SNR 0.2", snr: 0.2, noise: "reconstructed" },
  { name: "white noise, SNR 0.05", snr: 0.05, noise: "white" },
];

/** Detection at the cut-off with the best F1 of its condition. */
export interface DetectorScore {
  readonly condition: string;
  readonly averagePrecision: number;
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly cutoff: number;
  readonly particles: number;
  /** Recall of particles of a radius below 40 Å, 40 to 60 Å, and above; of 10 Å voxels. */
  readonly recallBySize: readonly [number, number, number];
}

/** A pick is right within the particle's radius of its centre, but not beyond 50 Å, one to one. */
const LARGEST_DISTANCE_ANGSTROM = 50;
const VOXEL_ANGSTROM = 10;
/** Two centres are not nearer than this share of the sum of their radii. */
const SPACING = 0.6;
const LEAST_SCORE = 0.05;
const SIZE_BOUNDS_ANGSTROM = [40, 60];

/** Scores of all conditions over all specimens, and the cut-off that is best over all of them. */
export async function scoreDetector(
  model: Uint8Array,
  specimens: readonly TrainingSpecimen[],
  { threads, signal }: { readonly threads?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<{ readonly scores: DetectorScore[]; readonly bestCutoff: number }> {
  const detector = await createNetworkDetector(nodeRuntime, model, threads === undefined ? {} : { threads });
  const hits: boolean[] = [];
  const ranks: number[] = [];
  let truthCount = 0;
  const scores: DetectorScore[] = [];
  try {
    for (const condition of DETECTOR_CONDITIONS) {
      const picks: PickedParticle[] = [];
      const truths: TrueParticle[] = [];
      const radii: number[] = [];
      for (const [index, specimen] of specimens.entries()) {
        const volume = noisyVolume(specimen, condition, index);
        picks.push(...(await search(volume, specimen, { detector, tomogram: String(index), signal })));
        for (let i = 0; i < specimen.centres.length; i += 4) {
          const [x, y, z, radius] = [0, 1, 2, 3].map((part) => specimen.centres[i + part]! * VOXEL_ANGSTROM);
          const matchDistanceAngstrom = Math.min(radius!, LARGEST_DISTANCE_ANGSTROM);
          truths.push({
            tomogram: String(index),
            positionAngstrom: { x: x!, y: y!, z: z! },
            className: "",
            matchDistanceAngstrom,
          });
          radii.push(radius!);
        }
      }
      const match = matchPicks(picks, truths);
      const found = [...match.truthOfPick].map((truth) => truth >= 0);
      const rank = picks.map(({ score }) => score!);
      hits.push(...found);
      ranks.push(...rank);
      truthCount += truths.length;
      const outcomes = pickOutcomes(found, rank, truths.length);
      const best = bestPoint(precisionRecallCurve(outcomes));
      const cutoff = best?.cutoff ?? 1;
      const recalled = (from: number, to: number): number => {
        const of = [...radii.keys()].filter((i) => radii[i]! >= from && radii[i]! < to);
        const hit = of.filter((i) => match.pickOfTruth[i]! >= 0 && rank[match.pickOfTruth[i]!]! >= cutoff);
        return of.length > 0 ? hit.length / of.length : Number.NaN;
      };
      const [small, large] = SIZE_BOUNDS_ANGSTROM as [number, number];
      scores.push({
        condition: condition.name,
        averagePrecision: averagePrecision(outcomes),
        f1: best?.f1 ?? 0,
        precision: best?.precision ?? 0,
        recall: best?.recall ?? 0,
        cutoff,
        particles: truths.length,
        recallBySize: [recalled(0, small), recalled(small, large), recalled(large, Number.POSITIVE_INFINITY)],
      });
    }
  } finally {
    await detector.release();
  }
  const best = bestPoint(precisionRecallCurve(pickOutcomes(hits, ranks, truthCount)));
  return { scores, bestCutoff: best?.cutoff ?? 0.5 };
}

/** Signal and noise at the condition's ratio, standardised over the specimen; the same for the same specimen and condition. */
function noisyVolume(specimen: TrainingSpecimen, { snr, noise, name }: DetectorCondition, index: number): Float32Array {
  const deviation = Math.sqrt(specimen.boxVariance / snr);
  const scale = 1 / Math.sqrt(1 + deviation ** 2);
  const random = createRandom("detector validation").fork(name, index);
  const normals = new Float64Array(noise === "white" ? specimen.signal.length : 0);
  if (noise === "white") random.fillNormal(normals);
  return Float32Array.from(specimen.signal, (value, at) => {
    const added = noise === "white" ? normals[at]! : specimen.noise[at]! / STEPS_PER_DEVIATION;
    return scale * (value / STEPS_PER_DEVIATION + deviation * added);
  });
}

async function search(
  volume: Float32Array,
  { shape }: TrainingSpecimen,
  {
    detector,
    tomogram,
    signal,
  }: {
    readonly detector: Awaited<ReturnType<typeof createNetworkDetector>>;
    readonly tomogram: string;
    readonly signal: AbortSignal | undefined;
  },
): Promise<PickedParticle[]> {
  const { edge, cellVoxels } = detector;
  const [nz, ny, nx] = shape;
  const cube = new Float32Array(edge ** 3);
  const placed: { position: { x: number; y: number; z: number }; score: number; radius: number }[] = [];
  for (const tile of planTiles(shape, detector)) {
    await breathe(signal);
    cube.fill(0);
    const [z0, y0, x0] = tile.corner;
    const from = Math.max(0, -x0);
    const to = Math.min(edge, nx - x0);
    for (let z = Math.max(0, -z0); z < Math.min(edge, nz - z0); z++)
      for (let y = Math.max(0, -y0); y < Math.min(edge, ny - y0); y++) {
        const row = ((z0 + z) * ny + y0 + y) * nx + x0;
        cube.set(volume.subarray(row + from, row + to), (z * edge + y) * edge + from);
      }
    const answer = await detector.detect(cube);
    for (const { positionVoxels, score, radiusVoxels } of tilePeaks(answer, tile, {
      edge,
      cellVoxels,
      minimumScore: LEAST_SCORE,
    }))
      placed.push({ position: positionVoxels, score, radius: radiusVoxels });
  }
  return suppressNeighbours(placed, { spacing: SPACING }).map((index) => {
    const { position, score } = placed[index]!;
    return {
      tomogram,
      score,
      positionAngstrom: {
        x: position.x * VOXEL_ANGSTROM,
        y: position.y * VOXEL_ANGSTROM,
        z: position.z * VOXEL_ANGSTROM,
      },
    };
  });
}
