import { createHash } from "node:crypto";
import { join } from "node:path";
import { readFileBytes } from "../../files/disk/index.js";
import type { StepFiles } from "../../files/resume/index.js";
import type { Progress } from "../../progress.js";
import type { Complex } from "../../simulate/index.js";
import { train } from "../train/index.js";
import { arithmeticOf, type NetworkArithmetic } from "./arithmetic.js";
import type { NetworkTraining, ReproductionNetwork, ReproductionSettings } from "./plan.js";

/** What a column's network is and what its training took. */
export interface TrainedNetwork extends NetworkArithmetic {
  readonly modelPath: string;
  readonly sha256: string;
  readonly steps: number;
  readonly volumes: number;
  readonly hours: number;
  readonly bestStep: number;
  readonly validationScore: number;
}

export interface TrainNetworkOptions extends Progress {
  readonly folder: string;
  readonly steps: StepFiles;
  readonly settings: ReproductionSettings;
  /** Undefined: procedural complexes stand in. */
  readonly structureFolders: readonly string[] | undefined;
  /** Those in the folders. */
  readonly complexes: readonly Complex[];
  readonly standIns: number;
  readonly threads: number | undefined;
}

/** Trains a column's network, or takes up or over what an earlier run left. @throws as `train` does. */
export function trainNetwork(
  { key, name }: ReproductionNetwork,
  training: NetworkTraining,
  options: TrainNetworkOptions,
): Promise<TrainedNetwork> {
  const { folder, steps, settings, structureFolders, threads, onProgress, signal } = options;
  const { network, classes, peakLearningRate } = training;
  const { validations, validationViews, seed } = settings;
  // Only the given complexes, as in the paper, and imaged as those of the test are.
  const fromStructures = { structureClasses: classes, pool: 0, freshClasses: 0 };
  const fromStandIns = { structureClasses: 0, pool: options.standIns, freshClasses: 0 };
  const batch = { classes, variedShare: 0, ...(structureFolders === undefined ? fromStandIns : fromStructures) };
  const recipe = {
    ...training,
    batch,
    validations,
    validationViews,
    seed,
    complexes: namesAndMasses(options.complexes),
  };
  return steps.once(`training-${key}`, recipe, async () => {
    const outputFolder = join(folder, "trainings", key);
    const result = await train({
      outputFolder,
      ...(structureFolders && { structureFolders }),
      // None of so few complexes is held out: procedural ones serve to choose the best state.
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
      sha256: createHash("sha256")
        .update(await readFileBytes(result.modelPath))
        .digest("hex"),
      ...arithmeticOf(network, classes, result.steps),
      steps: result.steps,
      volumes: result.volumesSeen,
      hours: result.hours,
      bestStep: result.best.step,
      validationScore: result.best.validation.score,
    };
  });
}

/** What tells complexes from others of the same name. */
export function namesAndMasses(complexes: readonly Complex[]): string[] {
  return complexes.map(({ name, massKilodalton }) => `${name} ${massKilodalton.toFixed(3)} kDa`);
}
