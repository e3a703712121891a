import { ConfigError } from "../../errors.js";
import { formatSnr, type Interval, runEpisodes, SNR_DEFINITION } from "../../evaluate/index.js";
import { loadModel } from "../../files/model/index.js";
import {
  adaptedEmbedder,
  type Embedded,
  type Embedder,
  type EmbedOptions,
  embedHalfTurns,
  measureAdaptation,
  noAdaptation,
  similarityMatrix,
} from "../../infer/index.js";
import { DEFAULT_SEED } from "../../progress.js";
import type { Complex } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import {
  type BenchmarkOptions,
  type BenchmarkSettings,
  benchmarkComplexes,
  maskDices,
  settingsOf,
} from "../benchmark/index.js";
import { CLEAN, type RobustnessCondition, robustnessConditions } from "./conditions.js";
import { renderUnderCondition } from "./particles.js";

export interface RobustnessOptions extends BenchmarkOptions {
  /** Names of conditions; all of them where none is given. */
  readonly conditions?: readonly string[] | undefined;
  /** Turn particles to the tilt geometry the network knows and damp excess noise, as `classify` does. Default true. */
  readonly adapt?: boolean;
}

const robustnessDefaults = {
  ways: [2, 6],
  shots: [1],
  snrs: [1000, 0.5],
  episodes: 4000,
  particlesPerClass: 40,
  seed: DEFAULT_SEED,
} as const satisfies BenchmarkSettings;

/** Accuracy of one task under one condition. */
export interface RobustnessCell {
  readonly condition: string;
  readonly snr: number;
  readonly way: number;
  readonly shot: number;
  readonly accuracy: number;
  readonly ci95: Interval;
  /** The same queries against examples of the clean condition: another data set's examples. */
  readonly accuracyCleanSupports: number;
}

export interface RobustnessReport {
  readonly cells: readonly RobustnessCell[];
  /** Mean Dice over all particles. */
  readonly dice: readonly { readonly condition: string; readonly snr: number; readonly dice: number }[];
  readonly conditions: readonly Pick<RobustnessCondition, "name" | "description">[];
  readonly classes: readonly string[];
  readonly episodes: number;
  readonly particlesPerClass: number;
  readonly seed: number;
  readonly model: string;
  readonly snrDefinition: string;
  readonly seconds: number;
}

/**
 * The benchmark's episodes under each condition of `robustness-conditions.ts`, beside the clean figure: the same complexes,
 * poses, noise seeds and draws of episodes, so that differences are due to the condition.
 * @throws ConfigError for an unknown condition; otherwise as `benchmark` does.
 */
export async function robustness(options: RobustnessOptions): Promise<RobustnessReport> {
  const start = performance.now();
  const settings = settingsOf(options, robustnessDefaults);
  const { ways, shots, snrs, episodes, particlesPerClass, seed } = settings;
  const conditions = [CLEAN, ...chosen(options.conditions)];
  const complexes = await benchmarkComplexes(options, settings);
  const { embedder, label: model } = await loadModel(options.modelPath, { threads: options.threads });
  const cells: RobustnessCell[] = [];
  const dice: RobustnessReport["dice"][number][] = [];
  try {
    for (const snr of snrs) {
      let clean: Embedded | undefined;
      for (const [index, condition] of conditions.entries()) {
        const stage = `SNR ${formatSnr(snr)}, ${condition.name} (${index + 1} of ${conditions.length})`;
        const { embedded, labels, meanDice } = await embedUnder(condition, {
          complexes,
          embedder,
          stage,
          snr,
          settings,
          options,
        });
        clean ??= embedded;
        const similarity = similarityMatrix(embedded, embedded, embedder.description);
        const toClean = similarityMatrix(embedded, clean, embedder.description);
        for (const way of ways)
          for (const shot of shots) {
            const run = (matrix: Float32Array) => {
              const random = createRandom(`cosnet benchmark episodes ${seed} ${way} ${shot}`);
              return runEpisodes({ similarity: matrix, labels, way, shot, episodes, random });
            };
            const { accuracy, ci95 } = run(similarity);
            const accuracyCleanSupports = run(toClean).accuracy;
            cells.push({ condition: condition.name, snr, way, shot, accuracy, ci95, accuracyCleanSupports });
          }
        if (meanDice !== undefined) dice.push({ condition: condition.name, snr, dice: meanDice });
      }
    }
  } finally {
    await embedder.release();
  }
  return {
    cells,
    dice,
    conditions: conditions.map(({ name, description }) => ({ name, description })),
    classes: complexes.map(({ name }) => name),
    episodes,
    particlesPerClass,
    seed,
    model,
    snrDefinition: SNR_DEFINITION,
    seconds: (performance.now() - start) / 1000,
  };
}

function chosen(names: readonly string[] | undefined): readonly RobustnessCondition[] {
  if (names === undefined) return robustnessConditions;
  return names
    .filter((name) => name !== CLEAN.name)
    .map((name) => {
      const condition = robustnessConditions.find((candidate) => candidate.name === name);
      if (condition) return condition;
      throw new ConfigError(`there is no condition ${name}`, {
        hint: `Choose among ${robustnessConditions.map((candidate) => candidate.name).join(", ")}.`,
      });
    });
}

async function embedUnder(
  condition: RobustnessCondition,
  {
    complexes,
    embedder,
    stage,
    snr,
    settings,
    options: { onProgress, signal, averageTurns, adapt = true },
  }: {
    complexes: readonly Complex[];
    embedder: Embedder;
    stage: string;
    snr: number;
    settings: BenchmarkSettings;
    options: RobustnessOptions;
  },
) {
  const { edge, voxelSizeAngstrom } = embedder.description;
  const particles = await renderUnderCondition(complexes, condition, {
    perClass: settings.particlesPerClass,
    snr,
    random: createRandom(`cosnet benchmark ${settings.seed}`),
    network: { edge, voxelSizeAngstrom },
    stage: `${stage}: imaging`,
    onProgress,
    signal,
  });
  const total = particles.labels.length;
  const embedding: EmbedOptions = {
    signal,
    onProgress: (done) => onProgress?.({ stage: `${stage}: embedding`, done, total }),
  };
  const { volumes } = particles;
  // As `classify` and `pick` do with every data set.
  const adapted = adaptedEmbedder(embedder, adapt ? measureAdaptation(volumes, edge) : noAdaptation);
  const embedded = averageTurns
    ? await embedHalfTurns(adapted, volumes, embedding)
    : await adapted.embed(volumes, embedding);
  const { masks, ...rest } = embedded;
  const meanDice = masks && maskDices(particles, masks).reduce((sum, score) => sum + score / total, 0);
  return { embedded: rest, labels: particles.labels, meanDice };
}
