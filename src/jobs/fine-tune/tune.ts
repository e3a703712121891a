import { trainingComplexes } from "../../files/complexes/index.js";
import { chooseDevice, loadWeights, nodeRuntime } from "../../files/model/index.js";
import { encodeModel, type NetworkConfig, type ParameterLayout, trainingStepDefaults } from "../../model/index.js";
import type { Device } from "../../runtime/index.js";
import {
  type Batch,
  batchDefaults,
  type ClassifierReport,
  classifierGraph,
  createTrainer,
  initialState,
  mixParticles,
  stateValues,
  type TrainingState,
} from "../../train/index.js";
import { createBatchStream, renderValidationSet, runTraining, type StepSummary, validate } from "../training/index.js";
import { bestOf, type FineTuneEntry } from "./choice.js";
import { batchClasses, type FineTuneOptions, type FineTuneSettings } from "./options.js";
import type { OwnParticles } from "./particles.js";
import { scoreHeldOut } from "./score.js";

export interface TuneOptions
  extends Pick<FineTuneOptions, "structureFolders" | "threads" | "device" | "onProgress" | "signal" | "onWarning"> {
  readonly network: NetworkConfig;
  readonly startWeights: string;
  readonly settings: FineTuneSettings;
}

export interface Tuned {
  readonly before: FineTuneEntry;
  readonly after: FineTuneEntry;
  readonly history: readonly FineTuneEntry[];
  readonly layout: ParameterLayout;
  /** Where the steps were computed. */
  readonly device: Device;
  /** Of the step that was best, which `after` describes. */
  readonly state: TrainingState;
}

const WARMUP_STEPS = 20;

/** Trains on a user's particles among simulated ones, and says which step is to be taken. */
export async function tune(
  particles: OwnParticles,
  { network, startWeights, settings, structureFolders, threads, device: choice, ...progress }: TuneOptions,
): Promise<Tuned> {
  const { onProgress, signal, onWarning } = progress;
  const { names, training, heldOut } = particles;
  const { seed, steps, pool } = settings;
  const complexes = await trainingComplexes({ structureFolders, onProgress, signal, onWarning });
  const { own, simulated } = batchClasses(names.length);
  const config = { ...trainingStepDefaults, classes: own + simulated, masksMayLack: true };
  const device = await chooseDevice(choice, onWarning);
  await using trainer = await createTrainer(nodeRuntime, classifierGraph(network, config), { threads, device });
  const { layout } = trainer;
  const state = { ...initialState(layout, seed), ...(await loadWeights(startWeights, layout)) };
  const mix = mixParticles(training, { seed, classes: own, shots: 1 });
  const batch = { ...batchDefaults, classes: simulated, structureClasses: Math.round(simulated / 4), pool, seed };
  await using stream = createBatchStream({ options: batch, structures: complexes.training }, 0);
  const validationSet = await renderValidationSet(complexes.validation, {
    views: settings.validationViews,
    seed,
    onProgress,
  });
  const evaluate = async (step: number, losses: { readonly classificationLoss?: number }): Promise<FineTuneEntry> => {
    onProgress?.({ stage: "validating", done: step, total: steps });
    const model = encodeModel(network, stateValues(layout, state), { steps: step, seed, classes: names.join(" ") });
    const scores = heldOut.labels.length > 0 && { heldOut: await scoreHeldOut(model, particles, { threads, signal }) };
    return { step, ...losses, ...scores, others: await validate(model, validationSet, { threads }) };
  };
  const before = await evaluate(0, {});
  let best = { ...state };
  const { history } = await runTraining<Batch, ClassifierReport, FineTuneEntry>(
    { state, history: [before], trace: [], seconds: 0 },
    {
      ...settings,
      stage: "fine-tuning",
      trainer,
      warmupSteps: WARMUP_STEPS,
      onProgress,
      signal,
      nextBatch: async (step) => mix(step, await stream.next()),
      summarise,
      validate: ({ state: { step } }, [classificationLoss]) => evaluate(step, { classificationLoss }),
      choice: {
        best: bestOf,
        patience: settings.patience,
        keep() {
          best = { ...state };
        },
      },
    },
  );
  return { before, after: bestOf(history), history, device, layout, state: best };
}

function summarise({ classificationLoss, diceLoss, accuracy }: ClassifierReport): StepSummary {
  return {
    figures: [classificationLoss, diceLoss, accuracy],
    note: `loss ${classificationLoss.toFixed(3)}, matched ${(100 * accuracy).toFixed(0)} %`,
  };
}
