/** How well a detector finds the particles of simulated specimens that it was not trained on. */
import {
  averagePrecision,
  bestPoint,
  matchPicks,
  pickOutcomes,
  precisionRecallCurve,
  type TrueParticle,
} from "../../evaluate/index.js";
import { nodeRuntime } from "../../files/model/index.js";
import { createNetworkDetector, type TileDetector } from "../../infer/index.js";
import { noisySpecimen, type TrainingSpecimen } from "../../train/index.js";
import { createRandom } from "../../volume/index.js";
import { type ScoredPick, search, VOXEL_ANGSTROM } from "./search.js";

/** Noise in which a specimen is searched: as the reconstruction leaves it, or of the same power at every frequency. */
interface DetectorCondition {
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
const [SMALL_ANGSTROM, LARGE_ANGSTROM] = [40, 60] as const;

type SizedParticle = TrueParticle & { readonly radiusAngstrom: number };

/** What a condition's search has brought. */
interface Found {
  readonly picks: readonly ScoredPick[];
  readonly truths: readonly SizedParticle[];
  /** Whether each pick is right, and the pick of each truth or -1. */
  readonly hits: readonly boolean[];
  readonly pickOfTruth: Int32Array;
}

/**
 * Scores of all conditions over all specimens, and the cut-off that is best over all of them.
 * @throws ModelError when `model` is no detector, AbortError.
 */
export async function scoreDetector(
  model: Uint8Array,
  specimens: readonly TrainingSpecimen[],
  { threads, signal }: { readonly threads?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<{ readonly scores: DetectorScore[]; readonly bestCutoff: number }> {
  await using detector = await createNetworkDetector(nodeRuntime, model, { threads });
  const all: Found[] = [];
  const scores: DetectorScore[] = [];
  for (const condition of DETECTOR_CONDITIONS) {
    const found = await find(detector, condition, specimens, signal);
    all.push(found);
    scores.push({ condition: condition.name, ...scoreOf(found) });
  }
  return { scores, bestCutoff: bestPoint(precisionRecallCurve(outcomesOf(all)))?.cutoff ?? 0.5 };
}

const outcomesOf = (found: readonly Found[]) =>
  pickOutcomes(
    found.flatMap(({ hits }) => hits),
    found.flatMap(({ picks }) => picks.map(({ score }) => score)),
    found.reduce((sum, { truths }) => sum + truths.length, 0),
  );

function scoreOf(found: Found): Omit<DetectorScore, "condition"> {
  const { picks, truths, pickOfTruth } = found;
  const outcomes = outcomesOf([found]);
  const best = bestPoint(precisionRecallCurve(outcomes));
  const cutoff = best?.cutoff ?? 1;
  const recalled = (from: number, to: number): number => {
    const own = [...pickOfTruth].filter((_, i) => {
      const radius = truths[i]?.radiusAngstrom ?? Number.NaN;
      return radius >= from && radius < to;
    });
    const hits = own.filter((pick) => (picks[pick]?.score ?? Number.NaN) >= cutoff);
    return own.length > 0 ? hits.length / own.length : Number.NaN;
  };
  return {
    averagePrecision: averagePrecision(outcomes),
    f1: best?.f1 ?? 0,
    precision: best?.precision ?? 0,
    recall: best?.recall ?? 0,
    cutoff,
    particles: truths.length,
    recallBySize: [
      recalled(0, SMALL_ANGSTROM),
      recalled(SMALL_ANGSTROM, LARGE_ANGSTROM),
      recalled(LARGE_ANGSTROM, Number.POSITIVE_INFINITY),
    ],
  };
}

async function find(
  detector: TileDetector,
  { snr, noise, name }: DetectorCondition,
  specimens: readonly TrainingSpecimen[],
  signal: AbortSignal | undefined,
): Promise<Found> {
  const picks: ScoredPick[] = [];
  const truths: SizedParticle[] = [];
  for (const [index, specimen] of specimens.entries()) {
    // The same volume for the same specimen and condition.
    const random = createRandom("detector validation").fork(name, index);
    const volume = noisySpecimen(specimen, { snr, noise, random });
    picks.push(...(await search(volume, specimen, detector, { tomogram: String(index), signal })));
    truths.push(...truthsOf(specimen, String(index)));
  }
  const { truthOfPick, pickOfTruth } = matchPicks(picks, truths);
  return { picks, truths, hits: Array.from(truthOfPick, (truth) => truth >= 0), pickOfTruth };
}

function truthsOf({ centres }: TrainingSpecimen, tomogram: string): SizedParticle[] {
  return Array.from({ length: centres.length / 4 }, (_, i) => {
    const own = [...centres.subarray(4 * i, 4 * i + 4)].map((value) => value * VOXEL_ANGSTROM);
    const [x, y, z, radiusAngstrom] = own as [number, number, number, number]; // four a particle
    const matchDistanceAngstrom = Math.min(radiusAngstrom, LARGEST_DISTANCE_ANGSTROM);
    return { tomogram, positionAngstrom: { x, y, z }, className: "", matchDistanceAngstrom, radiusAngstrom };
  });
}
