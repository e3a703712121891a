import { join } from "node:path";
import { ConfigError } from "../../errors.js";
import { splitComplexes } from "../../files/complexes/index.js";
import { ensureWritableFolder, writeFileAtomic } from "../../files/disk/index.js";
import {
  type Checkpoint,
  checkpointPath,
  loadCheckpoint,
  nodeRuntime,
  transferWeights,
} from "../../files/model/index.js";
import {
  type DetectorConfig,
  detectorDefaults,
  detectorOptimiser,
  detectorStepDefaults,
  encodeDetector,
} from "../../model/index.js";
import type { Progress } from "../../progress.js";
import { trainingCurves } from "../../report/index.js";
import type { Complex } from "../../simulate/index.js";
import {
  createDetectorBatches,
  createDetectorTrainer,
  drawScene,
  initialState,
  learningRateAt,
  ordinaryScene,
  stateValues,
} from "../../train/index.js";
import type { Shape3 } from "../../volume/index.js";
import { drawComplexes, runTraining, type SpecimenRequest, trainingSpecimens } from "../train/index.js";
import { type DetectorScore, scoreDetector } from "./score.js";

/** What `cosnet train detector` can be told. */
export interface TrainDetectorOptions extends Progress {
  /** Folder for specimens, checkpoint, model, curves and log. An earlier training in it is continued. */
  readonly outputFolder: string;
  /** Folders of structures and maps to pack beside procedural complexes; every fourth is held out to validate on. */
  readonly structureFolders?: readonly string[];
  readonly seed?: number;
  readonly steps?: number;
  readonly peakLearningRate?: number;
  /** Specimens to train on, and their shape in voxels, `[nz, ny, nx]`. */
  readonly specimens?: number;
  readonly specimenShape?: Shape3;
  /** Specimens to check with: one as `cosnet simulate tomogram` makes it, the others varied. */
  readonly validationSpecimens?: number;
  /** Patches in a batch, and their edge in voxels. */
  readonly patches?: number;
  readonly patchEdge?: number;
  readonly validateSteps?: number;
  readonly network?: DetectorConfig;
  /** Weights to start with, as far as they fit: a detector's checkpoint, or the classifier's, whose encoder and decoder are the same. */
  readonly weightsPath?: string;
  readonly threads?: number;
}

const trainDetectorDefaults = {
  seed: 1,
  steps: 2000,
  specimens: 24,
  specimenShape: [96, 192, 192],
  validationSpecimens: 3,
  patches: detectorStepDefaults.patches,
  patchEdge: detectorStepDefaults.edge,
  validateSteps: 500,
} as const satisfies Omit<TrainDetectorOptions, "outputFolder">;

/** What decides the result; stored in the checkpoint and compared when a training is continued. */
interface DetectorRecipe {
  readonly network: DetectorConfig;
  readonly seed: number;
  readonly steps: number;
  readonly peakLearningRate: number;
  readonly specimens: number;
  readonly specimenShape: readonly number[];
  readonly validationSpecimens: number;
  readonly patches: number;
  readonly patchEdge: number;
  readonly validateSteps: number;
  readonly trainingComplexes: readonly string[];
  readonly validationComplexes: readonly string[];
  readonly startsFrom?: string | undefined;
}

export interface DetectorHistoryEntry {
  readonly step: number;
  readonly seconds: number;
  /** Means over the steps since the entry before. */
  readonly centreLoss: number;
  readonly particleLoss: number;
  readonly radiusLoss: number;
  /** Mean of the average precisions of all conditions. */
  readonly score: number;
  readonly bestCutoff: number;
  readonly conditions: readonly DetectorScore[];
}

export interface TrainDetectorResult {
  readonly modelPath: string;
  readonly checkpointPath: string;
  readonly curvesPath: string;
  readonly steps: number;
  readonly patchesSeen: number;
  readonly hours: number;
  readonly seed: number;
  readonly history: readonly DetectorHistoryEntry[];
}

const WARMUP_STEPS = 50;
/** In smaller ones nothing but the border would be left, which does not count. */
const SMALLEST_PATCH = 32;

/**
 * Trains the network that finds particles of whatever kind: simulates specimens of procedural complexes and, where given,
 * structures (kept in `specimens/`), learns from patches of them, and writes `detector.onnx`, `checkpoint.safetensors`,
 * `curves.svg` and `log.jsonl`. An interrupted training continues from its checkpoint when called again with the same
 * options, and ends with the same bytes.
 * @throws ConfigError, FileError, FormatError as from reading structures or a checkpoint of another training.
 */
export async function trainDetector(options: TrainDetectorOptions): Promise<TrainDetectorResult> {
  const { outputFolder: folder, signal, onProgress, threads } = options;
  await ensureWritableFolder(folder);
  const given = await splitComplexes(options.structureFolders ?? [], options);
  const recipe = recipeOf(options, given.training, given.heldOut);
  const { seed, steps } = recipe;
  const shape = options.specimenShape ?? trainDetectorDefaults.specimenShape;
  const varied = (name: string, structures: readonly Complex[]): SpecimenRequest => ({
    name,
    draw(random) {
      const complexes = drawComplexes(random, structures);
      return { complexes, scene: drawScene(random, complexes.length, shape) };
    },
  });
  const many = (count: number, name: string, structures: readonly Complex[]): SpecimenRequest[] =>
    Array.from({ length: count }, (_, i) => varied(`${name}-${i}`, structures));
  // One scene as users' own simulations are, the others as wild as those of the training.
  const ordinary: SpecimenRequest = {
    name: "validation-ordinary",
    draw: (random) => ({ complexes: drawComplexes(random, given.heldOut, 12), scene: ordinaryScene(shape) }),
  };
  const simulation = { folder: join(folder, "specimens"), seed, threads: threads ?? 2, onProgress, signal };
  const specimens = await trainingSpecimens(many(recipe.specimens, "training", given.training), simulation);
  const held = [ordinary, ...many(recipe.validationSpecimens - 1, "validation", given.heldOut)];
  const validation = await trainingSpecimens(held, simulation);

  const draw = createDetectorBatches({ seed, patches: recipe.patches, edge: recipe.patchEdge }, specimens);
  const trainer = await createDetectorTrainer(
    nodeRuntime,
    recipe.network,
    { ...detectorStepDefaults, patches: recipe.patches, edge: recipe.patchEdge },
    threads === undefined ? {} : { threads },
  );
  const modelOf = (checkpoint: Checkpoint<DetectorRecipe, DetectorHistoryEntry>, centreThreshold: number) =>
    encodeDetector(recipe.network, stateValues(trainer.layout, checkpoint.state), {
      centreThreshold,
      provenance: {
        seed,
        steps: checkpoint.state.step,
        patchesSeen: checkpoint.state.step * recipe.patches,
        trainingComplexes: recipe.trainingComplexes.join(" "),
        validationComplexes: recipe.validationComplexes.join(" "),
      },
    });
  const modelPath = join(folder, "detector.onnx");
  const curvesPath = join(folder, "curves.svg");
  try {
    const resumed = await loadCheckpoint<DetectorRecipe, DetectorHistoryEntry>(folder, trainer.layout, recipe);
    const state = resumed?.state ?? initialState(trainer.layout, seed);
    if (!resumed && options.weightsPath) await transferWeights(options.weightsPath, trainer.layout, state);
    const start = resumed ?? { state, recipe, history: [], trace: [], seconds: 0 };
    const { history, seconds } = await runTraining(start, {
      folder,
      layout: trainer.layout,
      steps,
      validateSteps: recipe.validateSteps,
      onProgress,
      signal,
      async step() {
        const rate = learningRateAt(state.step, { peak: recipe.peakLearningRate, steps, warmup: WARMUP_STEPS });
        const report = await trainer.step(state, draw(state.step), rate);
        const { centreLoss, particleLoss, radiusLoss, gradientNorm } = report;
        const note = `centres ${centreLoss.toFixed(4)}, particles ${particleLoss.toFixed(3)}, radii ${radiusLoss.toFixed(3)}`;
        return { figures: [centreLoss, particleLoss, radiusLoss], gradientNorm, note };
      },
      async validate(checkpoint) {
        const { scores, bestCutoff } = await scoreDetector(modelOf(checkpoint, 0.5), validation, { threads, signal });
        await writeFileAtomic(modelPath, modelOf(checkpoint, bestCutoff));
        return entryOf(checkpoint, scores, bestCutoff);
      },
      async validated(checkpoint) {
        await writeFileAtomic(curvesPath, curvesOf(checkpoint));
      },
    });
    return {
      modelPath,
      checkpointPath: checkpointPath(folder),
      curvesPath,
      steps: state.step,
      patchesSeen: state.step * recipe.patches,
      hours: seconds / 3600,
      seed,
      history,
    };
  } finally {
    await trainer.release();
  }
}

function recipeOf(
  options: TrainDetectorOptions,
  training: readonly Complex[],
  heldOut: readonly Complex[],
): DetectorRecipe {
  const settings = { ...trainDetectorDefaults, ...options };
  if (settings.steps < 1 || settings.specimens < 1)
    throw new ConfigError(`a training of ${settings.steps} steps on ${settings.specimens} specimens is none`, {
      hint: "Give --steps 1 and --specimens 1 or more.",
    });
  if (
    settings.patchEdge % 8 !== 0 ||
    settings.patchEdge < SMALLEST_PATCH ||
    settings.patchEdge > Math.min(...settings.specimenShape)
  )
    throw new ConfigError(`patches of ${settings.patchEdge} voxels cannot be cut`, {
      hint: `Give a multiple of 8 from ${SMALLEST_PATCH} that the specimens hold.`,
    });
  const names = (complexes: readonly Complex[]): string[] => complexes.map(({ name }) => name);
  return {
    network: options.network ?? detectorDefaults,
    seed: settings.seed,
    steps: settings.steps,
    peakLearningRate: options.peakLearningRate ?? detectorOptimiser.learningRate,
    specimens: settings.specimens,
    specimenShape: settings.specimenShape,
    validationSpecimens: settings.validationSpecimens,
    patches: settings.patches,
    patchEdge: settings.patchEdge,
    validateSteps: settings.validateSteps,
    trainingComplexes: names(training),
    validationComplexes: names(heldOut),
    startsFrom: options.weightsPath,
  };
}

function entryOf(
  { state, trace, history, seconds }: Checkpoint<DetectorRecipe, DetectorHistoryEntry>,
  conditions: readonly DetectorScore[],
  bestCutoff: number,
): DetectorHistoryEntry {
  const since = 3 * (history.at(-1)?.step ?? 0);
  const mean = (figure: number): number => {
    const values = trace.filter((_, i) => i >= since && i % 3 === figure);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const precisions = conditions.map(({ averagePrecision }) => averagePrecision);
  return {
    step: state.step,
    seconds,
    centreLoss: mean(0),
    particleLoss: mean(1),
    radiusLoss: mean(2),
    score: precisions.reduce((sum, value) => sum + value, 0) / precisions.length,
    bestCutoff,
    conditions,
  };
}

function curvesOf({ trace, history }: Checkpoint<DetectorRecipe, DetectorHistoryEntry>): string {
  return trainingCurves({
    title: "Particle loss of training patches, and 1 - average precision on validation specimens",
    train: Array.from({ length: trace.length / 3 }, (_, i) => ({ step: i + 1, loss: trace[3 * i + 1]! })),
    validation: history.map(({ step, score }) => ({ step, loss: 1 - score })),
    yScale: "log",
  });
}
