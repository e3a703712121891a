import {
  type BenchmarkDice,
  type BenchmarkResult,
  type BenchmarkSpread,
  exampleSpread,
  formatSnr,
  SNR_DEFINITION,
} from "../../evaluate/index.js";
import { loadModel } from "../../files/model/index.js";
import { type CrfChoice, type Embedder, embedBoxes, measureAdaptation } from "../../infer/index.js";
import type { Complex } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { combineMasksOf, refineMasks } from "../masks/index.js";
import { compareParticles } from "./compare.js";
import { accuracyOf, tasksOf } from "./episodes.js";
import { type LabelledParticles, maskDices, renderLabelledParticles } from "./labelled-particles.js";
import {
  type BenchmarkOptions,
  type BenchmarkSettings,
  benchmarkComplexes,
  benchmarkDefaults,
  settingsOf,
} from "./options.js";

/** What `benchmark` found, with the run that it took. */
export interface BenchmarkReport extends BenchmarkResult {
  readonly classes: readonly string[];
  readonly particlesPerClass: number;
  readonly testTimeAveraging: boolean;
  readonly compareOrientations: boolean;
  readonly crf: CrfChoice;
  readonly commonMasks: boolean;
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
  const { snrs, particlesPerClass, testTimeAveraging, compareOrientations, crf, commonMasks, seed } = settings;
  const complexes = await benchmarkComplexes(settings);
  await using model = await loadModel(settings.modelPath, settings);
  const levels: NoiseLevel[] = [];
  for (const snr of snrs) levels.push(await benchmarkAt(snr, complexes, model.embedder, settings));
  const spread = levels.flatMap((level) => level.spread);
  return {
    cells: levels.flatMap(({ cells }) => cells),
    dice: levels.flatMap(({ dice }) => dice),
    ...(spread.length > 0 && { spread }),
    classes: complexes.map(({ name }) => name),
    particlesPerClass,
    testTimeAveraging,
    compareOrientations,
    ...{ crf, commonMasks },
    seed,
    model: model.label,
    snrDefinition: SNR_DEFINITION,
    seconds: (performance.now() - start) / 1000,
  };
}

/** What is measured at one signal-to-noise ratio. */
type NoiseLevel = Pick<BenchmarkResult, "cells" | "dice"> & { readonly spread: readonly BenchmarkSpread[] };

async function benchmarkAt(
  snr: number,
  complexes: readonly Complex[],
  embedder: Embedder,
  settings: BenchmarkSettings,
): Promise<NoiseLevel> {
  const {
    particlesPerClass,
    seed,
    testTimeAveraging,
    compareOrientations,
    crf,
    commonMasks,
    threads,
    onProgress,
    signal,
  } = settings;
  const { edge, voxelSizeAngstrom } = embedder.description;
  const particles = await renderLabelledParticles(complexes, {
    perClass: particlesPerClass,
    snr,
    random: createRandom(`cosnet benchmark ${seed}`),
    neighbours: complexes,
    imaging: { boxSize: edge, voxelSizeAngstrom },
    stage: `imaging particles at SNR ${formatSnr(snr)}`,
    onProgress,
    signal,
  });
  const { volumes, labels } = particles;
  const progressOf = (stage: string, done: number) =>
    onProgress?.({ stage: `${stage} at SNR ${formatSnr(snr)}`, done, total: labels.length });
  const embedded = await embedBoxes(embedder, volumes, {
    ...{ spectra: compareOrientations, testTimeAveraging, signal },
    onProgress: (done) => progressOf("embedding and segmenting", done),
  });
  const compared = await compareParticles(embedded, embedder.description, {
    ...{ threads, signal },
    onProgress: (done) => progressOf("comparing orientations", done),
  });
  const { masks: before } = embedded;
  const refined =
    before &&
    (await refineMasks(embedder, volumes, before, {
      crf,
      whenFlagged: crf === "paper" ? "refined" : "unrefined", // as published: without our guard
      onProgress: progressOf,
      signal,
    }));
  const after =
    commonMasks && refined
      ? await combineMasksOf(
          { volumes, masks: refined.masks, labels, names: complexes.map(({ name }) => name), embedded },
          { edge, voxelSizeAngstrom, geometry: measureAdaptation(volumes, edge).geometry, onProgress, signal },
        )
      : refined;
  return {
    cells: tasksOf(settings).map((task) => ({ ...task, snr, ...accuracyOf(task, compared, labels, settings) })),
    spread: spreadOf(compared.similarity, labels, snr, complexes, settings),
    dice: before && after ? diceByClass(complexes, particles, { before, after: after.masks }, snr) : [],
  };
}

/** How much accuracy depends on the draw of examples, where that is asked. */
function spreadOf(
  similarity: Float32Array,
  labels: Int32Array,
  snr: number,
  complexes: readonly Complex[],
  settings: BenchmarkSettings,
): BenchmarkSpread[] {
  const { exampleDraws: draws, seed } = settings;
  if (draws === 0) return [];
  return tasksOf(settings).map(({ way, shot }) => {
    const random = createRandom(`cosnet benchmark supports ${seed} ${shot}`);
    const { byClass, ...figures } = exampleSpread({ similarity, labels, way, shot, draws, random });
    const named = byClass.map(({ label, ...own }) => ({ class: complexes[label]!.name, ...own }));
    return { way, shot, snr, ...figures, byClass: named };
  });
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
