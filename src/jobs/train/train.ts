import { createHash } from "node:crypto";
import { join } from "node:path";
import { ConfigError } from "../../errors.js";
import { trainingComplexes } from "../../files/complexes/index.js";
import { ensureWritableFolder, readFileBytes, writeFileAtomic } from "../../files/disk/index.js";
import {
  type Checkpoint,
  type HistoryEntry,
  loadCheckpoint,
  loadWeights,
  nodeRuntime,
  type TrainingRecipe,
} from "../../files/model/index.js";
import { encodeModel, trainingStepDefaults } from "../../model/index.js";
import type { Complex } from "../../simulate/index.js";
import { createTrainer, learningRateAt, type StepReport, stateValues, type Trainer } from "../../train/index.js";
import { createBatchStream } from "./batch-stream.js";
import { TRACE_FIGURES, writeTrainingCurves } from "./curves.js";
import { runTraining } from "./loop.js";
import { recipeOf, type TrainOptions } from "./options.js";
import { crowdedScene, trainingSpecimens } from "./specimens.js";
import { renderValidationSet, type ValidationSet, validate } from "./validation.js";

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
}

const WARMUP_STEPS = 50;

/**
 * Trains a network on procedural complexes and, where given, structures; writes `model.onnx` (the best on the validation
 * complexes), `checkpoint.safetensors`, `curves.svg` and `log.jsonl`. An interrupted training continues from its
 * checkpoint when called again with the same options, and ends with the same bytes.
 * @throws ConfigError, FileError, FormatError as from reading structures or a checkpoint of another training.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { outputFolder: folder, signal, onProgress, threads } = options;
  await ensureWritableFolder(folder);
  const { training, validation } = await trainingComplexes(options);
  const names = (complexes: readonly Complex[]): string[] => complexes.map(({ name }) => name);
  const weights = options.weightsPath === undefined ? undefined : await checksum(options.weightsPath);
  const recipe = recipeOf(options, {
    trainingComplexes: names(training),
    validationComplexes: names(validation),
    start: weights,
  });
  const { batch, specimens, steps } = recipe;
  if (steps < 1) throw new ConfigError(`a training of ${steps} steps is none`, { hint: "Give --steps 1 or more." });

  let validationSet: ValidationSet | undefined;
  const trainer = await createTrainer(
    nodeRuntime,
    recipe.network,
    { ...trainingStepDefaults, classes: classesOf(recipe), shots: batch.shots },
    threads === undefined ? {} : { threads },
  );
  const resumed = await loadCheckpoint(folder, trainer.layout, recipe);
  const state = resumed?.state ?? trainer.initialState(recipe.seed);
  if (!resumed && options.weightsPath) Object.assign(state, await loadWeights(options.weightsPath, trainer.layout));
  const tomograms = specimens && {
    classes: specimens.classes,
    specimens: await trainingSpecimens(
      Array.from({ length: specimens.count }, (_, i) => crowdedScene(`training-${i}`, training, specimens.shape)),
      { folder: join(folder, "specimens"), seed: recipe.seed, threads: threads ?? 2, onProgress, signal },
    ),
  };
  const stream = createBatchStream({ options: batch, structures: training, specimens: tomograms }, state.step);
  const start: Checkpoint = resumed ?? { state, recipe, history: [], trace: [], seconds: 0 };
  const { history, seconds } = await runTraining(start, {
    folder,
    layout: trainer.layout,
    steps,
    validateSteps: recipe.validateSteps,
    onProgress,
    signal,
    async step() {
      const rate = learningRateAt(state.step, { peak: recipe.peakLearningRate, steps, warmup: WARMUP_STEPS });
      const report = await trainer.step(state, await stream.next(), rate);
      const { classificationLoss, diceLoss, accuracy, gradientNorm } = report;
      return { figures: [classificationLoss, diceLoss, accuracy], gradientNorm, note: noteOf(report) };
    },
    async validate(checkpoint) {
      validationSet ??= await renderValidationSet(validation, recipe.validationViews, recipe.seed);
      const entry = await validateState(trainer, checkpoint, validationSet, threads);
      const best =
        checkpoint.history.length === 0 || entry.validation.score > bestOf(checkpoint.history).validation.score;
      if (best) await writeModel(folder, trainer, checkpoint);
      return entry;
    },
    validated: ({ trace, history }) => writeTrainingCurves(join(folder, "curves.svg"), trace, history),
    stalled: (history) =>
      history.length > 0 && history.length - 1 - history.indexOf(bestOf(history)) >= recipe.patience,
  }).finally(async () => {
    await stream.close();
    await trainer.release();
  });
  return {
    modelPath: join(folder, "model.onnx"),
    checkpointPath: join(folder, "checkpoint.safetensors"),
    curvesPath: join(folder, "curves.svg"),
    steps: state.step,
    volumesSeen: volumesSeen(state.step, recipe),
    hours: seconds / 3600,
    stoppedEarly: state.step < steps,
    best: bestOf(history),
    history,
    seed: recipe.seed,
  };
}

async function checksum(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFileBytes(path))
    .digest("hex");
}

function bestOf(history: readonly HistoryEntry[]): HistoryEntry {
  return history.reduce((best, entry) => (entry.validation.score > best.validation.score ? entry : best));
}

/** The checkpoint's network as a model file. It says nothing of time: the same training gives the same bytes. */
function modelOf(trainer: Trainer, { state, recipe }: Checkpoint): Uint8Array {
  return encodeModel(recipe.network, stateValues(trainer.layout, state), {
    seed: recipe.seed,
    steps: state.step,
    volumesSeen: volumesSeen(state.step, recipe),
    trainingComplexes: recipe.trainingComplexes.join(" "),
    validationComplexes: recipe.validationComplexes.join(" "),
  });
}

async function validateState(
  trainer: Trainer,
  checkpoint: Checkpoint,
  set: ValidationSet,
  threads: number | undefined,
): Promise<HistoryEntry> {
  const { trace, history } = checkpoint;
  const since = (history.at(-1)?.step ?? 0) * TRACE_FIGURES;
  const average = (figure: number): number => {
    const values = trace.filter((_, i) => i >= since && i % TRACE_FIGURES === figure);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    step: checkpoint.state.step,
    seconds: checkpoint.seconds,
    classificationLoss: average(0),
    diceLoss: average(1),
    batchAccuracy: average(2),
    validation: await validate(nodeRuntime, modelOf(trainer, checkpoint), set, threads),
  };
}

function writeModel(folder: string, trainer: Trainer, checkpoint: Checkpoint): Promise<void> {
  return writeFileAtomic(join(folder, "model.onnx"), modelOf(trainer, checkpoint));
}

function noteOf({ classificationLoss, diceLoss, accuracy }: StepReport): string {
  return `loss ${classificationLoss.toFixed(3)}, Dice loss ${diceLoss.toFixed(3)}, matched ${(100 * accuracy).toFixed(0)} %`;
}

/** Classes of a batch, those cut from specimens among them. */
const classesOf = ({ batch, specimens }: TrainingRecipe): number => batch.classes + (specimens?.classes ?? 0);

const volumesSeen = (steps: number, recipe: TrainingRecipe): number =>
  steps * (1 + recipe.batch.shots) * classesOf(recipe);
