import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { trainingComplexes } from "../../files/complexes/index.js";
import { ensureWritableFolder, readFileBytes, writeFileAtomic } from "../../files/disk/index.js";
import { checkpointPath, chooseDevice, loadWeights, nodeRuntime, storedNetwork } from "../../files/model/index.js";
import { encodeModel, type ParameterLayout } from "../../model/index.js";
import type { Device } from "../../runtime/index.js";
import {
  type ClassifierReport,
  classifierGraph,
  createTrainer,
  stateValues,
  type TrainingState,
} from "../../train/index.js";
import {
  type BatchSources,
  createBatchStream,
  type RunCurves,
  renderValidationSet,
  resumableRun,
  runTraining,
  type StepSummary,
  type ValidationScores,
  type ValidationSet,
  validate,
} from "../training/index.js";
import { classesOf, recipeOf, stepConfigOf, type TrainingRecipe, type TrainOptions } from "./options.js";
import { createParallelTrainer, type StepTrainer } from "./parallel/index.js";
import { specimensOf } from "./specimens.js";

/** One line of a training's history. */
export interface HistoryEntry {
  readonly step: number;
  readonly seconds: number;
  /** Means over the steps since the entry before. */
  readonly classificationLoss: number;
  readonly diceLoss: number;
  readonly batchAccuracy: number;
  readonly validation: ValidationScores;
}

/** The trained model and its best validation. */
export interface TrainResult {
  readonly modelPath: string;
  readonly checkpointPath: string;
  readonly curvesPath: string;
  readonly steps: number;
  readonly volumesSeen: number;
  readonly hours: number;
  readonly stoppedEarly: boolean;
  readonly best: HistoryEntry;
  readonly history: readonly HistoryEntry[];
  readonly seed: number;
  /** Where the steps were computed. */
  readonly device: Device;
}

const WARMUP_STEPS = 50;

/**
 * Trains a network on procedural complexes and, where given, structures; writes `model.onnx` (the best on the validation
 * complexes), `checkpoint.safetensors`, `curves.svg` and `log.jsonl`. An interrupted training continues from its
 * checkpoint when called again with the same options, and ends with the same bytes.
 * @throws ConfigError; ModelError when the loss is no longer a number; FileError, FormatError as from reading structures or a
 * checkpoint of another training; AbortError.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { outputFolder: folder, weightsPath, signal, onProgress, onWarning, threads } = options;
  await ensureWritableFolder(folder);
  const { training, validation } = await trainingComplexes(options);
  const device = await chooseDevice(options.device, onWarning);
  const recipe = recipeOf(await withNetworkOfWeights(options), {
    trainingComplexes: training.map(({ name }) => name),
    validationComplexes: validation.map(({ name }) => name),
    start: weightsPath === undefined ? undefined : await checksum(weightsPath),
    ...(device !== "cpu" && { device }),
  });
  const { seed } = recipe;
  const graph = classifierGraph(recipe.network, stepConfigOf(recipe));
  const { layout } = graph;
  const begin = async (state: TrainingState) =>
    weightsPath && Object.assign(state, await loadWeights(weightsPath, layout));
  const { start, save } = await resumableRun({ folder, layout, recipe, begin, curves });
  const specimens = await specimensOf(recipe, training, options);
  const sources = { options: recipe.batch, structures: training, specimens };
  await using trainer = isParallel(options)
    ? await createParallelTrainer({ recipe, structures: training }, parallelOptions(options))
    : await createOwnTrainer(graph, sources, { firstStep: start.state.step, threads, device });
  const modelPath = join(folder, "model.onnx");
  let validationSet: ValidationSet | undefined;
  const run = await runTraining(start, {
    ...recipe,
    stage: "training",
    trainer,
    warmupSteps: WARMUP_STEPS,
    onProgress,
    signal,
    nextBatch: (step) => step,
    summarise,
    async validate({ state, seconds }, [classificationLoss, diceLoss, batchAccuracy]) {
      validationSet ??= await renderValidationSet(validation, { views: recipe.validationViews, seed, onProgress });
      const scores = await validate(modelOf(layout, recipe, state), validationSet, { threads, onProgress });
      return { step: state.step, seconds, classificationLoss, diceLoss, batchAccuracy, validation: scores };
    },
    choice: {
      best: bestOf,
      patience: recipe.patience,
      keep: ({ state }) => writeFileAtomic(modelPath, modelOf(layout, recipe, state)),
    },
    save,
  });
  return {
    modelPath,
    checkpointPath: checkpointPath(folder),
    curvesPath: join(folder, "curves.svg"),
    steps: run.state.step,
    volumesSeen: volumesSeen(run.state.step, recipe),
    hours: run.seconds / 3600,
    stoppedEarly: run.state.step < recipe.steps,
    best: bestOf(run.history),
    history: run.history,
    seed,
    device,
  };
}

const isParallel = ({ batchesPerStep = 1, workers }: TrainOptions): boolean =>
  batchesPerStep > 1 || workers !== undefined;

/** Threads of this computer are shared out among its workers. */
function parallelOptions({
  outputFolder,
  workers = 1,
  listenHost = "127.0.0.1",
  threads,
  onWarning,
  signal,
}: TrainOptions) {
  const all = threads ?? availableParallelism();
  return {
    ...{ folder: outputFolder, localWorkers: workers, listenHost, onWarning, signal },
    threads: Math.max(1, Math.floor(all / Math.max(1, workers))),
  };
}

/** Steps in this process, of one batch each. */
async function createOwnTrainer(
  graph: ReturnType<typeof classifierGraph>,
  sources: BatchSources,
  { firstStep, ...run }: { readonly firstStep: number; readonly threads: number | undefined; readonly device: Device },
): Promise<StepTrainer> {
  const trainer = await createTrainer(nodeRuntime, graph, run);
  const stream = createBatchStream(sources, firstStep);
  return {
    layout: trainer.layout,
    fetch: trainer.fetch,
    step: async (state, _, learningRate) => trainer.step(state, await stream.next(), learningRate),
    async [Symbol.asyncDispose]() {
      await stream[Symbol.asyncDispose]();
      await trainer.release();
    },
  };
}

/** The network is that of the weights that it starts from, where they say so and no other is asked for. */
async function withNetworkOfWeights(options: TrainOptions): Promise<TrainOptions> {
  const { weightsPath, network, preset, duse, decoder, channels } = options;
  // With blocks and decoder is what all have unless said otherwise, so that it asks for nothing.
  const asked = duse === false || decoder === false || [network, preset, channels].some((given) => given !== undefined);
  if (!weightsPath || asked) return options;
  const stored = await storedNetwork(weightsPath);
  return stored ? { ...options, network: stored } : options;
}

async function checksum(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFileBytes(path))
    .digest("hex");
}

const curves: RunCurves<HistoryEntry> = {
  title: "Training loss (classification + Dice), and error on validation complexes (1 - score)",
  loss: ([classification, dice]) => classification + dice,
  validationLoss: ({ validation }) => 1 - validation.score,
};

function summarise({ classificationLoss, diceLoss, accuracy }: ClassifierReport): StepSummary {
  return {
    figures: [classificationLoss, diceLoss, accuracy],
    note: `loss ${classificationLoss.toFixed(3)}, Dice loss ${diceLoss.toFixed(3)}, matched ${(100 * accuracy).toFixed(0)} %`,
  };
}

const bestOf = (history: readonly HistoryEntry[]): HistoryEntry =>
  history.reduce((best, entry) => (entry.validation.score > best.validation.score ? entry : best));

/** The state as a model file. It says nothing of time: the same training gives the same bytes. */
function modelOf(layout: ParameterLayout, recipe: TrainingRecipe, state: TrainingState): Uint8Array {
  return encodeModel(recipe.network, stateValues(layout, state), {
    seed: recipe.seed,
    steps: state.step,
    volumesSeen: volumesSeen(state.step, recipe),
    ...(recipe.device && { device: recipe.device }),
    trainingComplexes: recipe.trainingComplexes.join(" "),
    validationComplexes: recipe.validationComplexes.join(" "),
  });
}

const volumesSeen = (steps: number, recipe: TrainingRecipe): number =>
  steps * (recipe.batchesPerStep ?? 1) * (1 + recipe.batch.shots) * classesOf(recipe);
