import { createHash } from "node:crypto";
import { join } from "node:path";
import { floatingPointOperations, op } from "../graph/index.js";
import {
  collectLayout,
  constantLayers,
  createNetwork,
  type NetworkConfig,
  trainingStep,
  trainingStepDefaults,
} from "../model/index.js";
import type { Complex } from "../simulate/index.js";
import { readFileBytes } from "./files.js";
import type { Progress } from "./progress.js";
import type { NetworkTraining, ReproductionNetwork, ReproductionSettings } from "./reproduce-plan.js";
import type { StepFiles } from "./reproduce-steps.js";
import { train } from "./train.js";

/** What a column's network is and what its training took. Arithmetic is exact: convolutions and matrix products of the graphs. */
export interface TrainedNetwork {
  readonly modelPath: string;
  readonly sha256: string;
  readonly parameters: number;
  readonly steps: number;
  readonly volumes: number;
  /** Of one volume through the network that is used afterwards, embedding and mask. */
  readonly gigaflopPerVolume: number;
  /** Of all steps together, forward and backward. */
  readonly trainingTeraflop: number;
  readonly hours: number;
  readonly bestStep: number;
  readonly validationScore: number;
}

export interface TrainNetworkOptions extends Progress {
  readonly folder: string;
  readonly steps: StepFiles;
  readonly settings: ReproductionSettings;
  /** Undefined: procedural complexes stand in. */
  readonly structuresFolder: string | undefined;
  /** Those in the folder. */
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
  const { folder, steps, settings, structuresFolder, threads, onProgress, signal } = options;
  const { network, classes, peakLearningRate } = training;
  const { validations, validationViews, seed } = settings;
  // Only the given complexes, as in the paper, and imaged as those of the test are.
  const fromStructures = { structureClasses: classes, pool: 0, freshClasses: 0 };
  const fromStandIns = { structureClasses: 0, pool: options.standIns, freshClasses: 0 };
  const batch = { classes, variedShare: 0, ...(structuresFolder === undefined ? fromStandIns : fromStructures) };
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
      ...(structuresFolder !== undefined && { structureFolders: [structuresFolder] }),
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

/** Parameters, billions of operations a volume in use, and trillions over a whole training. */
export function arithmeticOf(
  config: NetworkConfig,
  classes: number,
  steps: number,
): Pick<TrainedNetwork, "parameters" | "gigaflopPerVolume" | "trainingTeraflop"> {
  const network = createNetwork(config);
  const { layout, outputs } = trainingStep(network, { ...trainingStepDefaults, classes });
  const volumes = op.input("volumes", [1, 32, 32, 32]);
  const { embedding, maskLogits } = network.forward(constantLayers(zeros(network)), volumes);
  const inference = maskLogits === undefined ? [embedding] : [embedding, maskLogits];
  return {
    parameters: layout.parameterCount,
    gigaflopPerVolume: floatingPointOperations(inference) / 1e9,
    trainingTeraflop: (steps * floatingPointOperations(Object.values(outputs))) / 1e12,
  };
}

/** Weights of the right size: arithmetic does not depend on their values. */
function zeros(network: ReturnType<typeof createNetwork>): Map<string, Float32Array> {
  const { parameters, statistics } = collectLayout((layers) => {
    network.forward(layers, op.input("volumes", [2, 32, 32, 32]));
  });
  return new Map(
    [...parameters, ...statistics].map(({ name, shape }) => [
      name,
      new Float32Array(shape.reduce((product, edge) => product * edge, 1)),
    ]),
  );
}
