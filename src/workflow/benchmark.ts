import { join } from "node:path";
import { ConfigError } from "../errors.js";
import {
  type BenchmarkCell,
  type BenchmarkDice,
  type BenchmarkResult,
  formatSnr,
  runEpisodes,
  SNR_DEFINITION,
} from "../evaluate/index.js";
import { similarityMatrix } from "../infer/index.js";
import type { Complex } from "../simulate/index.js";
import { createRandom } from "../volume/index.js";
import { fileExists } from "./files.js";
import { type LabelledParticles, maskDices, renderLabelledParticles } from "./labelled-particles.js";
import { loadComplexes } from "./load-complexes.js";
import { loadModel } from "./model-file.js";
import type { Progress } from "./progress.js";

export interface BenchmarkOptions extends Progress {
  /** Folder of structures and maps; its subfolder `test` instead, where there is one. */
  readonly structuresFolder: string;
  readonly ways?: readonly number[];
  readonly shots?: readonly number[];
  /** Infinity for no noise. */
  readonly snrs?: readonly number[];
  readonly episodes?: number;
  readonly particlesPerClass?: number;
  readonly seed?: number;
  readonly modelPath?: string | undefined;
  readonly threads?: number | undefined;
}

export const benchmarkDefaults = {
  ways: [2, 4, 6],
  shots: [1, 5],
  snrs: [Number.POSITIVE_INFINITY, 1000, 0.5],
  episodes: 2000,
  particlesPerClass: 100,
  seed: 7,
} as const;

export interface BenchmarkReport extends BenchmarkResult {
  readonly classes: readonly string[];
  readonly particlesPerClass: number;
  readonly seed: number;
  readonly model: string;
  readonly snrDefinition: string;
  readonly seconds: number;
}

/**
 * n-way-k-shot accuracy and Dice of a model on complexes given as structures or maps: renders particles of each (half of
 * them crowded by the others), embeds them once, and draws episodes from them.
 * @throws ConfigError when there are fewer classes than ways or fewer particles than shots + 1; otherwise as loading
 * structures and models does.
 */
export async function benchmark(options: BenchmarkOptions): Promise<BenchmarkReport> {
  const start = performance.now();
  const { ways, shots, snrs, episodes, particlesPerClass, seed } = { ...benchmarkDefaults, ...options };
  const test = join(options.structuresFolder, "test");
  const complexes = await loadComplexes((await fileExists(test)) ? test : options.structuresFolder, options);
  checkSizes(complexes, ways, shots, particlesPerClass);
  const { embedder, label: model } = await loadModel(options.modelPath, { threads: options.threads });
  const cells: BenchmarkCell[] = [];
  const scores: BenchmarkDice[] = [];
  try {
    const { edge, voxelSizeAngstrom } = embedder.description;
    for (const snr of snrs) {
      const particles = await renderLabelledParticles(complexes, {
        perClass: particlesPerClass,
        snr,
        random: createRandom(`cosnet benchmark ${seed}`),
        neighbours: complexes,
        imaging: { boxSize: edge, voxelSizeAngstrom },
        stage: `imaging particles at SNR ${formatSnr(snr)}`,
        onProgress: options.onProgress,
        signal: options.signal,
      });
      const { labels } = particles;
      const embedded = await embedder.embed(particles.volumes, {
        signal: options.signal,
        onProgress: (done) =>
          options.onProgress?.({
            stage: `embedding and segmenting at SNR ${formatSnr(snr)}`,
            done,
            total: labels.length,
          }),
      });
      const similarity = similarityMatrix(embedded, embedded, embedder.description);
      for (const way of ways) {
        for (const shot of shots) {
          const random = createRandom(`cosnet benchmark episodes ${seed} ${way} ${shot}`);
          const { accuracy, ci95 } = runEpisodes({ similarity, labels, way, shot, episodes, random });
          cells.push({ way, shot, snr, accuracy, ci95, episodes });
        }
      }
      if (embedded.masks) scores.push(...diceByClass(complexes, particles, embedded.masks, snr));
    }
  } finally {
    await embedder.release();
  }
  return {
    cells,
    dice: scores,
    classes: complexes.map(({ name }) => name),
    particlesPerClass,
    seed,
    model,
    snrDefinition: SNR_DEFINITION,
    seconds: (performance.now() - start) / 1000,
  };
}

function checkSizes(
  complexes: readonly Complex[],
  ways: readonly number[],
  shots: readonly number[],
  particlesPerClass: number,
): void {
  const mostWays = Math.max(...ways);
  if (complexes.length < mostWays)
    throw new ConfigError(`${mostWays}-way episodes need ${mostWays} complexes; the folder holds ${complexes.length}`, {
      hint: "Lower --ways, or add structures to the folder.",
    });
  const mostShots = Math.max(...shots);
  if (particlesPerClass <= mostShots)
    throw new ConfigError(`${mostShots}-shot episodes need more than ${mostShots} particles of each class`, {
      hint: `Give --particles ${10 * mostShots} or so.`,
    });
}

/** Mean Dice by class. There is no refinement of masks yet, so `after` equals `before`. */
function diceByClass(
  complexes: readonly Complex[],
  particles: LabelledParticles,
  probabilities: Float32Array,
  snr: number,
): BenchmarkDice[] {
  const scores = maskDices(particles, probabilities);
  return complexes.map(({ name }, label) => {
    const own = scores.filter((_, index) => particles.labels[index] === label);
    const mean = own.reduce((sum, score) => sum + score, 0) / own.length;
    return { class: name, snr, before: mean, after: mean, n: own.length };
  });
}
