import { createHash } from "node:crypto";
import { join } from "node:path";
import { readFileBytes } from "../../files/disk/index.js";
import { train } from "../train/index.js";
import { arithmeticOf, type NetworkArithmetic } from "./arithmetic.js";
import { namesAndMasses, STAND_INS } from "./complexes.js";
import type { Experiment, ReproductionNetwork } from "./plan.js";

/** The trained network of a column and the cost of its training. */
export interface TrainedNetwork extends NetworkArithmetic {
  readonly modelPath: string;
  readonly sha256: string;
  readonly steps: number;
  readonly volumes: number;
  readonly hours: number;
  readonly bestStep: number;
  readonly validationScore: number;
}

/** Trains the networks of all columns but the shipped model's; by their keys. @throws as `train` does. */
export async function trainNetworks(experiment: Experiment): Promise<ReadonlyMap<string, TrainedNetwork>> {
  const trained = new Map<string, TrainedNetwork>();
  for (const { key, name, training } of experiment.networks)
    if (training) trained.set(key, await trainNetwork({ key, name, training }, experiment));
  return trained;
}

/** Trains the network of a column, or resumes or takes over the training of an earlier run. */
function trainNetwork(
  { key, name, training }: Required<ReproductionNetwork>,
  { settings, structureFolders, steps, outputFolder, threads, onProgress, signal, ...experiment }: Experiment,
): Promise<TrainedNetwork> {
  const { network, classes, peakLearningRate } = training;
  const { validations, validationViews, seed } = settings;
  // Only the given complexes, as in the paper, and imaged as those of the test are.
  const fromStructures = { structureClasses: classes, pool: 0, freshClasses: 0 };
  const fromStandIns = { structureClasses: 0, pool: STAND_INS.training, freshClasses: 0 };
  const batch = { classes, variedShare: 0, ...(structureFolders === undefined ? fromStandIns : fromStructures) };
  const complexes = namesAndMasses(experiment.training);
  const recipe = { ...training, batch, validations, validationViews, seed, complexes };
  return steps.once(`training-${key}`, recipe, async () => {
    const result = await train({
      outputFolder: join(outputFolder, "trainings", key),
      ...(structureFolders && { structureFolders: structureFolders.map((folder) => join(folder, "train")) }),
      // Too few complexes to hold any out: procedural ones serve to choose the best state.
      validationEvery: Number.MAX_SAFE_INTEGER,
      network,
      batch,
      peakLearningRate,
      steps: training.steps,
      validateSteps: Math.ceil(training.steps / validations),
      validationViews,
      patience: validations,
      seed,
      ...(threads !== undefined && { threads }),
      onProgress: (report) => onProgress?.({ ...report, stage: `${name}: ${report.stage}` }),
      signal,
    });
    return {
      modelPath: join("trainings", key, "model.onnx"),
      sha256: await sha256Of(result.modelPath),
      ...arithmeticOf(network, classes, result.steps),
      steps: result.steps,
      volumes: result.volumesSeen,
      hours: result.hours,
      bestStep: result.best.step,
      validationScore: result.best.validation.score,
    };
  });
}

/** Of a model's file. */
export async function sha256Of(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFileBytes(path))
    .digest("hex");
}
