import { loadModel } from "../../../files/model/index.js";
import {
  embedBoxes,
  featureSimilarity,
  powerSpectra,
  radialProfiles,
  rotatedCorrelation,
  similarityMatrix,
} from "../../../infer/index.js";
import { stoppable } from "../../../progress.js";
import { type Complex, drawVariedConditions } from "../../../simulate/index.js";
import { createRandom } from "../../../volume/index.js";
import { accuracyOf, renderLabelledParticles, tasksOf } from "../../benchmark/index.js";
import type { PartSettings } from "../settings.js";
import type { Comparison, EpisodeRow, PlannedEpisodes } from "./rows.js";

const EPISODES = 2000;
/** Template correlation takes a twentieth of a second for each pair of particles: few particles of twelve classes. */
const FEW = { particlesPerClass: 5, classes: 12 } as const;

/** Of the renderer's standard imaging. */
const MAXIMUM_TILT_DEGREES = 60;

/** Particles drawn together, and the tasks posed to them. */
interface Setting extends Pick<EpisodeRow, "imaging" | "snr" | "particlesPerClass"> {
  readonly name: string;
  readonly ways: readonly number[];
  readonly shots: readonly number[];
  /** Compare by template correlation, too. */
  readonly correlate?: true;
}

const MANY = { ways: [4, 6, 12, 20], shots: [1, 5], particlesPerClass: 40 } as const;
const SIX = { ways: [6], shots: [1], particlesPerClass: FEW.particlesPerClass } as const;
const SETTINGS: readonly Setting[] = [
  { ...MANY, name: "episodes-snr-0.5", imaging: "standard", snr: 0.5 },
  { ...MANY, name: "episodes-snr-0.1", imaging: "standard", snr: 0.1 },
  { ...MANY, name: "episodes-snr-0.05", imaging: "standard", snr: 0.05 },
  { ...MANY, name: "episodes-varied", imaging: "varied", snr: 0.5, ways: [6] },
  { ...SIX, name: "episodes-correlation-snr-0.5", imaging: "standard", snr: 0.5, correlate: true },
  { ...SIX, name: "episodes-correlation-snr-0.1", imaging: "standard", snr: 0.1, correlate: true },
];

/** n-way-k-shot episodes of the given complexes in heavy noise; tasks of more ways than there are complexes are left out. */
export function episodes(complexes: readonly Complex[]): PlannedEpisodes[] {
  return SETTINGS.map((setting): PlannedEpisodes => {
    const ways = setting.ways.filter((way) => way <= complexes.length);
    const own = setting.correlate ? complexes.slice(0, FEW.classes) : complexes;
    const possible = { ...setting, ways };
    const seconds = setting.correlate ? 100 : 1.5 * complexes.length;
    const measure = (settings: PartSettings) => measureEpisodes(own, possible, settings);
    return { name: setting.name, follows: { ...possible, episodes: EPISODES }, seconds, measure };
  }).filter(({ follows }) => (follows as Setting).ways.length > 0);
}

/** Ways of the tasks that too few complexes leave out. */
export function impossibleWays(complexes: readonly Complex[]): number[] {
  return MANY.ways.filter((way) => way > complexes.length);
}

async function measureEpisodes(
  complexes: readonly Complex[],
  setting: Setting,
  settings: PartSettings,
): Promise<EpisodeRow[]> {
  const { imaging, snr, particlesPerClass } = setting;
  const similarities = await compare(complexes, setting, settings);
  const labels = Int32Array.from({ length: complexes.length * particlesPerClass }, (_, i) =>
    Math.floor(i / particlesPerClass),
  );
  return tasksOf(setting).map((task) => {
    const of = (similarity: Float32Array | undefined) => {
      if (!similarity) return null;
      const { accuracy, ci95 } = accuracyOf(task, similarity, labels, { episodes: EPISODES, seed: settings.seed });
      return { accuracy, ci95 };
    };
    const { cosnet, radialProfile, powerSpectrum, templateCorrelation } = similarities;
    return {
      ...{ imaging, snr, particlesPerClass, ...task },
      byComparison: {
        cosnet: of(cosnet),
        radialProfile: of(radialProfile),
        powerSpectrum: of(powerSpectrum),
        templateCorrelation: of(templateCorrelation),
      },
    };
  });
}

/** Renders particles, half of them crowded, and compares them in every way. */
async function compare(
  complexes: readonly Complex[],
  { imaging, snr, particlesPerClass, correlate }: Setting,
  settings: PartSettings,
): Promise<Partial<Record<Comparison, Float32Array>>> {
  const { seed, signal, onProgress } = settings;
  await using model = await loadModel(settings.modelPath, settings);
  const { description } = model.embedder;
  const { edge, voxelSizeAngstrom } = description;
  const { volumes } = await renderLabelledParticles(complexes, {
    ...{ perClass: particlesPerClass, snr, neighbours: complexes, imaging: { boxSize: edge, voxelSizeAngstrom } },
    ...{ random: createRandom(`cosnet benchmark ${seed}`), signal, onProgress },
    conditions: imaging === "varied" ? drawVariedConditions : undefined,
  });
  const total = complexes.length * particlesPerClass;
  const embedded = await embedBoxes(model.embedder, volumes, {
    signal,
    onProgress: (done) => onProgress?.({ stage: "embedding", done, total }),
  });
  const correlation = () =>
    rotatedCorrelation(volumes, {
      ...{ edge, voxelSizeAngstrom, tiltDegrees: MAXIMUM_TILT_DEGREES },
      onProgress: (done, pairs) => onProgress?.({ stage: "correlating", done, total: pairs }),
    });
  return {
    cosnet: similarityMatrix(embedded, embedded, description),
    radialProfile: featureSimilarity(radialProfiles(volumes, edge)),
    powerSpectrum: featureSimilarity(powerSpectra(volumes, edge)),
    ...(correlate && { templateCorrelation: await stoppable(correlation(), signal) }),
  };
}
