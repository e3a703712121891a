import { ConfigError } from "../../errors.js";
import { type BenchmarkCell, formatSnr, SNR_DEFINITION } from "../../evaluate/index.js";
import { loadModel } from "../../files/model/index.js";
import { type Embedded, type Embedder, embedDataSet, similarityMatrix } from "../../infer/index.js";
import { DEFAULT_SEED } from "../../progress.js";
import type { Complex } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import {
  accuracyOf,
  type BenchmarkOptions,
  type BenchmarkReport,
  type BenchmarkSettings,
  benchmarkComplexes,
  type EpisodeSettings,
  maskDices,
  settingsOf,
  tasksOf,
} from "../benchmark/index.js";
import { CLEAN, type RobustnessCondition, robustnessConditions } from "./conditions.js";
import { renderUnderCondition } from "./particles.js";

export interface RobustnessOptions extends BenchmarkOptions {
  /** Names of conditions; all of them where none is given. */
  readonly conditions?: readonly string[] | undefined;
  /** Rotate particles to the tilt geometry that the network knows and low-pass filter excess noise, as `classify` does. Default true. */
  readonly adapt?: boolean;
}

const robustnessDefaults = {
  ways: [2, 6],
  shots: [1],
  snrs: [1000, 0.5],
  episodes: 4000,
  particlesPerClass: 40,
  seed: DEFAULT_SEED,
} as const satisfies EpisodeSettings;

/** Accuracy of one task under one condition. */
export interface RobustnessCell extends Omit<BenchmarkCell, "episodes"> {
  readonly condition: string;
  /** The same queries against examples of the clean condition: another data set's examples. */
  readonly accuracyCleanSupports: number;
}

/** Accuracy under each condition, beside the clean figure. */
export interface RobustnessReport
  extends Pick<BenchmarkReport, "classes" | "particlesPerClass" | "seed" | "model" | "snrDefinition" | "seconds"> {
  readonly cells: readonly RobustnessCell[];
  /** Mean Dice over all particles. */
  readonly dice: readonly { readonly condition: string; readonly snr: number; readonly dice: number }[];
  readonly conditions: readonly Pick<RobustnessCondition, "name" | "description">[];
  readonly episodes: number;
}

/**
 * The benchmark's episodes under each condition of `conditions.ts`, beside the clean figure: the same complexes,
 * poses, noise seeds and draws of episodes, so that differences are due to the condition.
 * @throws ConfigError for an unknown condition; otherwise as `benchmark` does.
 */
export async function robustness(options: RobustnessOptions): Promise<RobustnessReport> {
  const start = performance.now();
  const settings = { ...settingsOf(options, robustnessDefaults), adapt: options.adapt ?? true };
  const { snrs, episodes, particlesPerClass, seed } = settings;
  const conditions = [CLEAN, ...chosen(options.conditions)];
  const complexes = await benchmarkComplexes(settings);
  await using model = await loadModel(settings.modelPath, settings);
  const cells: RobustnessCell[] = [];
  const dice: RobustnessReport["dice"][number][] = [];
  for (const snr of snrs) {
    let clean: Embedded | undefined;
    for (const [index, condition] of conditions.entries()) {
      const stage = `SNR ${formatSnr(snr)}, ${condition.name} (${index + 1} of ${conditions.length})`;
      const seen = await embedUnder(condition, { complexes, embedder: model.embedder }, { stage, snr }, settings);
      clean ??= seen.embedded;
      cells.push(
        ...cellsOf(seen, clean, model.embedder, settings).map((cell) => ({ condition: condition.name, snr, ...cell })),
      );
      if (seen.meanDice !== undefined) dice.push({ condition: condition.name, snr, dice: seen.meanDice });
    }
  }
  return {
    cells,
    dice,
    conditions: conditions.map(({ name, description }) => ({ name, description })),
    classes: complexes.map(({ name }) => name),
    episodes,
    particlesPerClass,
    seed,
    model: model.label,
    snrDefinition: SNR_DEFINITION,
    seconds: (performance.now() - start) / 1000,
  };
}

/** @throws ConfigError for a name that no condition has. */
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

/** What the network says of particles under a condition. */
interface SeenParticles {
  readonly embedded: Embedded;
  readonly labels: Int32Array;
  /** Undefined when the model has no decoder. */
  readonly meanDice: number | undefined;
}

async function embedUnder(
  condition: RobustnessCondition,
  { complexes, embedder }: { readonly complexes: readonly Complex[]; readonly embedder: Embedder },
  { stage, snr }: { readonly stage: string; readonly snr: number },
  settings: BenchmarkSettings & { readonly adapt: boolean },
): Promise<SeenParticles> {
  const { particlesPerClass, seed, testTimeAveraging, adapt, onProgress, signal } = settings;
  const { edge, voxelSizeAngstrom } = embedder.description;
  const particles = await renderUnderCondition(complexes, condition, {
    perClass: particlesPerClass,
    snr,
    random: createRandom(`cosnet benchmark ${seed}`),
    network: { edge, voxelSizeAngstrom },
    stage: `${stage}: imaging`,
    onProgress,
    signal,
  });
  const { volumes, labels } = particles;
  const total = labels.length;
  const { masks, ...embedded } = (
    await embedDataSet(embedder, volumes, {
      ...{ adapt, testTimeAveraging, signal }, // as `classify` and `pick` do with every data set
      onProgress: (done) => onProgress?.({ stage: `${stage}: embedding`, done, total }),
    })
  ).embedded;
  const meanDice = masks && maskDices(particles, masks).reduce((sum, score) => sum + score / total, 0);
  return { embedded, labels, meanDice };
}

/** The accuracy of every task with examples under the same condition, and with examples of the clean one. */
function cellsOf(
  { embedded, labels }: SeenParticles,
  clean: Embedded,
  { description }: Embedder,
  settings: BenchmarkSettings,
): Omit<RobustnessCell, "condition" | "snr">[] {
  const similarity = similarityMatrix(embedded, embedded, description);
  const toClean = similarityMatrix(embedded, clean, description);
  return tasksOf(settings).map((task) => {
    const { accuracy, ci95 } = accuracyOf(task, { similarity }, labels, settings);
    const { accuracy: accuracyCleanSupports } = accuracyOf(task, { similarity: toClean }, labels, settings);
    return { ...task, accuracy, ci95, accuracyCleanSupports };
  });
}
