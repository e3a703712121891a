import { loadModel } from "../../../files/model/index.js";
import { embedBoxes, featureSimilarity, powerSpectra, radialProfiles } from "../../../infer/index.js";
import { type Complex, drawVariedConditions } from "../../../simulate/index.js";
import { createRandom } from "../../../volume/index.js";
import {
  accuracyOf,
  type Compared,
  compareParticles,
  renderLabelledParticles,
  tasksOf,
} from "../../benchmark/index.js";
import type { PartSettings } from "../settings.js";
import type { Comparison, EpisodeAccuracy, EpisodeRow, PlannedEpisodes } from "./rows.js";

const EPISODES = 2000;
/** Particles drawn together, and the tasks posed to them. */
interface Setting extends Pick<EpisodeRow, "imaging" | "snr" | "particlesPerClass"> {
  readonly name: string;
  readonly ways: readonly number[];
  readonly shots: readonly number[];
}

const MANY = { ways: [4, 6, 12, 20], shots: [1, 5], particlesPerClass: 24 } as const;
const SETTINGS: readonly Setting[] = [
  { ...MANY, name: "episodes-snr-0.5", imaging: "standard", snr: 0.5 },
  { ...MANY, name: "episodes-snr-0.1", imaging: "standard", snr: 0.1 },
  { ...MANY, name: "episodes-snr-0.05", imaging: "standard", snr: 0.05 },
  { ...MANY, name: "episodes-varied", imaging: "varied", snr: 0.5, ways: [6] },
];

/** n-way-k-shot episodes of the given complexes in heavy noise; tasks of more ways than there are complexes are left out. */
export function episodes(complexes: readonly Complex[]): PlannedEpisodes[] {
  return SETTINGS.map((setting): PlannedEpisodes => {
    const ways = setting.ways.filter((way) => way <= complexes.length);
    const possible = { ...setting, ways };
    // About 1 ms for each pair of particles, and the rendering.
    const seconds = 0.001 * (setting.particlesPerClass * complexes.length) ** 2 + complexes.length;
    const measure = (settings: PartSettings) => measureEpisodes(complexes, possible, settings);
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
  const comparisons = await compare(complexes, setting, settings);
  const labels = Int32Array.from({ length: complexes.length * particlesPerClass }, (_, i) =>
    Math.floor(i / particlesPerClass),
  );
  return tasksOf(setting).map((task) => {
    const of = (compared: Compared): EpisodeAccuracy => {
      const { accuracy, ci95 } = accuracyOf(task, compared, labels, { episodes: EPISODES, seed: settings.seed });
      return { accuracy, ci95 };
    };
    const { cosnet, embeddings, templateCorrelation, radialProfile, powerSpectrum } = comparisons;
    return {
      ...{ imaging, snr, particlesPerClass, ...task },
      byComparison: {
        cosnet: of(cosnet),
        embeddings: of(embeddings),
        templateCorrelation: of(templateCorrelation),
        radialProfile: of(radialProfile),
        powerSpectrum: of(powerSpectrum),
      },
    };
  });
}

/** Renders particles, half of them crowded, and compares them in every way. */
async function compare(
  complexes: readonly Complex[],
  { imaging, snr, particlesPerClass }: Setting,
  settings: PartSettings,
): Promise<Record<Comparison, Compared>> {
  const { seed, threads, signal, onProgress } = settings;
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
    ...{ spectra: true, signal },
    onProgress: (done) => onProgress?.({ stage: "embedding", done, total }),
  });
  const cosnet = await compareParticles(embedded, description, {
    ...{ threads, signal },
    onProgress: (done) => onProgress?.({ stage: "comparing orientations", done, total }),
  });
  const { similarity, second } = cosnet;
  return {
    cosnet,
    embeddings: { similarity },
    templateCorrelation: { similarity: new Float32Array(similarity.length), second },
    radialProfile: { similarity: featureSimilarity(radialProfiles(volumes, edge)) },
    powerSpectrum: { similarity: featureSimilarity(powerSpectra(volumes, edge)) },
  };
}
