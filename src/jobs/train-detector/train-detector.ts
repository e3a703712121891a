import { join } from "node:path";
import { splitComplexes } from "../../files/complexes/index.js";
import { ensureWritableFolder, writeFileAtomic } from "../../files/disk/index.js";
import { checkpointPath, chooseDevice, nodeRuntime, transferWeights } from "../../files/model/index.js";
import { detectorStepDefaults, encodeDetector, type ParameterLayout } from "../../model/index.js";
import type { Device } from "../../runtime/index.js";
import {
  createDetectorBatches,
  createTrainer,
  type DetectorReport,
  detectorGraph,
  stateValues,
  type TrainingState,
} from "../../train/index.js";
import { type RunCurves, resumableRun, runTraining, type StepSummary, trainingSpecimens } from "../training/index.js";
import { type DetectorRecipe, recipeOf, type TrainDetectorOptions } from "./options.js";
import { type DetectorScore, scoreDetector } from "./score.js";
import { specimenRequests } from "./specimens.js";

/** One validation of a detector. */
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

/** The trained detector and its best validation. */
export interface TrainDetectorResult {
  readonly modelPath: string;
  readonly checkpointPath: string;
  readonly curvesPath: string;
  readonly steps: number;
  readonly patchesSeen: number;
  readonly hours: number;
  readonly seed: number;
  /** Where the steps were computed. */
  readonly device: Device;
  readonly history: readonly DetectorHistoryEntry[];
}

const WARMUP_STEPS = 50;

/**
 * Trains the network that finds particles of whatever kind: simulates specimens of procedural complexes and, where given,
 * structures (kept in `specimens/`), learns from patches of them, and writes `detector.onnx`, `checkpoint.safetensors`,
 * `curves.svg` and `log.jsonl`. An interrupted training continues from its checkpoint when called again with the same
 * options, and ends with the same bytes.
 * @throws ConfigError; ModelError when the loss is no longer a number; FileError, FormatError as from reading structures or a
 * checkpoint of another training; AbortError.
 */
export async function trainDetector(options: TrainDetectorOptions): Promise<TrainDetectorResult> {
  const { outputFolder: folder, weightsPath, signal, onProgress, threads } = options;
  await ensureWritableFolder(folder);
  const complexes = await splitComplexes(options.structureFolders ?? [], options);
  const device = await chooseDevice(options.device, options.onWarning);
  const recipe = recipeOf(options, complexes, device);
  const { seed, patches, patchEdge: edge } = recipe;
  const graph = detectorGraph(recipe.network, { ...detectorStepDefaults, patches, edge });
  await using trainer = await createTrainer(nodeRuntime, graph, { threads, device });
  const { layout } = trainer;
  const begin = async (state: TrainingState) => weightsPath && transferWeights(weightsPath, layout, state);
  const { start, save } = await resumableRun({ folder, layout, recipe, begin, curves });
  const requests = specimenRequests(recipe, complexes);
  const simulation = { folder: join(folder, "specimens"), seed, threads: threads ?? 2, onProgress, signal };
  const specimens = await trainingSpecimens(requests.training, simulation);
  const validation = await trainingSpecimens(requests.validation, simulation);
  const modelPath = join(folder, "detector.onnx");
  const { state, history, seconds } = await runTraining(start, {
    ...recipe,
    stage: "training",
    trainer,
    warmupSteps: WARMUP_STEPS,
    onProgress,
    signal,
    nextBatch: createDetectorBatches({ seed, patches, edge }, specimens),
    summarise,
    async validate({ state, seconds }, [centreLoss, particleLoss, radiusLoss]) {
      const model = modelOf(layout, recipe, state, 0.5);
      const { scores: conditions, bestCutoff } = await scoreDetector(model, validation, { threads, signal });
      await writeFileAtomic(modelPath, modelOf(layout, recipe, state, bestCutoff));
      const score = conditions.reduce((sum, { averagePrecision }) => sum + averagePrecision, 0) / conditions.length;
      return { step: state.step, seconds, centreLoss, particleLoss, radiusLoss, score, bestCutoff, conditions };
    },
    save,
  });
  return {
    modelPath,
    checkpointPath: checkpointPath(folder),
    curvesPath: join(folder, "curves.svg"),
    steps: state.step,
    patchesSeen: state.step * patches,
    hours: seconds / 3600,
    seed,
    device,
    history,
  };
}

const curves: RunCurves<DetectorHistoryEntry> = {
  title: "Particle loss of training patches, and 1 - average precision on validation specimens",
  loss: ([, particles]) => particles,
  validationLoss: ({ score }) => 1 - score,
};

function summarise({ centreLoss, particleLoss, radiusLoss }: DetectorReport): StepSummary {
  return {
    figures: [centreLoss, particleLoss, radiusLoss],
    note: `centres ${centreLoss.toFixed(4)}, particles ${particleLoss.toFixed(3)}, radii ${radiusLoss.toFixed(3)}`,
  };
}

function modelOf(
  layout: ParameterLayout,
  { network, seed, patches, trainingComplexes, validationComplexes }: DetectorRecipe,
  state: TrainingState,
  centreThreshold: number,
): Uint8Array {
  return encodeDetector(network, stateValues(layout, state), {
    centreThreshold,
    provenance: {
      seed,
      steps: state.step,
      patchesSeen: state.step * patches,
      trainingComplexes: trainingComplexes.join(" "),
      validationComplexes: validationComplexes.join(" "),
    },
  });
}
