import {
  type BenchmarkCell,
  type BenchmarkDice,
  type BenchmarkResult,
  type BenchmarkSpread,
  formatSnr,
  runEpisodes,
  SNR_DEFINITION,
  supportSpread,
} from "../../evaluate/index.js";
import { loadModel } from "../../files/model/index.js";
import { type EmbedOptions, embedHalfTurns, similarityMatrix } from "../../infer/index.js";
import type { Complex } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { type CrfChoice, refineMasks } from "../masks/index.js";
import { type LabelledParticles, maskDices, renderLabelledParticles } from "./labelled-particles.js";
import { type BenchmarkOptions, benchmarkComplexes, benchmarkDefaults, settingsOf } from "./options.js";

export interface BenchmarkReport extends BenchmarkResult {
  readonly classes: readonly string[];
  readonly particlesPerClass: number;
  readonly averageTurns: boolean;
  readonly crf: CrfChoice;
  readonly seed: number;
  readonly model: string;
  readonly snrDefinition: string;
  readonly seconds: number;
}

/**
 * n-way-k-shot accuracy and Dice (before and after refinement of the masks) of a model on complexes given as structures or maps: renders particles of each (half of
 * them crowded by the others), embeds them once, and draws episodes from them.
 * @throws ConfigError when there are fewer classes than ways or fewer particles than shots + 1; otherwise as loading
 * structures and models does.
 */
export async function benchmark(options: BenchmarkOptions): Promise<BenchmarkReport> {
  const start = performance.now();
  const settings = settingsOf(options, benchmarkDefaults);
  const { ways, shots, snrs, episodes, particlesPerClass, seed } = settings;
  const complexes = await benchmarkComplexes(options, settings);
  const { embedder, label: model } = await loadModel(options.modelPath, { threads: options.threads });
  const cells: BenchmarkCell[] = [];
  const scores: BenchmarkDice[] = [];
  const spread: BenchmarkSpread[] = [];
  const { averageTurns = false, supportDraws: draws = 0, crf = "fitted" } = options;
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
      const progressOf = (stage: string) => (done: number) =>
        options.onProgress?.({ stage, done, total: labels.length });
      const embedding: EmbedOptions = {
        signal: options.signal,
        onProgress: progressOf(`embedding and segmenting at SNR ${formatSnr(snr)}`),
      };
      const embedded = averageTurns
        ? await embedHalfTurns(embedder, particles.volumes, embedding)
        : await embedder.embed(particles.volumes, embedding);
      const similarity = similarityMatrix(embedded, embedded, embedder.description);
      for (const way of ways) {
        for (const shot of shots) {
          const random = createRandom(`cosnet benchmark episodes ${seed} ${way} ${shot}`);
          const { accuracy, ci95 } = runEpisodes({ similarity, labels, way, shot, episodes, random });
          cells.push({ way, shot, snr, accuracy, ci95, episodes });
          if (draws === 0) continue;
          const drawing = createRandom(`cosnet benchmark supports ${seed} ${shot}`);
          const { byClass, ...figures } = supportSpread({ similarity, labels, way, shot, draws, random: drawing });
          const named = byClass.map(({ label, ...own }) => ({ class: complexes[label]!.name, ...own }));
          spread.push({ way, shot, snr, ...figures, byClass: named });
        }
      }
      if (!embedded.masks) continue;
      const { masks } = await refineMasks(embedder, particles.volumes, embedded.masks, {
        crf,
        whenFlagged: crf === "paper" ? "refined" : "unrefined", // as published: without our guard
        stageSuffix: ` at SNR ${formatSnr(snr)}`,
        onProgress: options.onProgress,
        signal: options.signal,
      });
      scores.push(...diceByClass(complexes, particles, { before: embedded.masks, after: masks }, snr));
    }
  } finally {
    await embedder.release();
  }
  return {
    cells,
    dice: scores,
    ...(spread.length > 0 && { spread }),
    classes: complexes.map(({ name }) => name),
    particlesPerClass,
    averageTurns,
    crf,
    seed,
    model,
    snrDefinition: SNR_DEFINITION,
    seconds: (performance.now() - start) / 1000,
  };
}

/** Mean Dice by class. */
function diceByClass(
  complexes: readonly Complex[],
  particles: LabelledParticles,
  probabilities: { readonly before: Float32Array; readonly after: Float32Array },
  snr: number,
): BenchmarkDice[] {
  const before = maskDices(particles, probabilities.before);
  const after = probabilities.after === probabilities.before ? before : maskDices(particles, probabilities.after);
  return complexes.map(({ name }, label) => {
    const own = [...particles.labels.keys()].filter((index) => particles.labels[index] === label);
    const mean = (scores: Float64Array) => own.reduce((sum, index) => sum + scores[index]!, 0) / own.length;
    return { class: name, snr, before: mean(before), after: mean(after), n: own.length };
  });
}
