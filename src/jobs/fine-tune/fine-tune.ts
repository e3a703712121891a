import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../../errors.js";
import { trainingComplexes } from "../../files/complexes/index.js";
import { fileExists, type StagedFiles, withStagedFiles } from "../../files/disk/index.js";
import { encodeWeights, loadWeights, nodeRuntime, storedNetwork } from "../../files/model/index.js";
import { contrastWarnings, readParticleBoxes } from "../../files/particles/index.js";
import {
  adaptVolumes,
  createEmbedder,
  describeAdaptation,
  measureAdaptation,
  noAdaptation,
} from "../../infer/index.js";
import { classesOfExamples } from "../../io/index.js";
import { encodeModel, type NetworkConfig, presetConfig, trainingStepDefaults } from "../../model/index.js";
import { throwIfAborted } from "../../progress.js";
import {
  batchDefaults,
  createTrainer,
  type LabelledVolumes,
  learningRateAt,
  mixParticles,
  stateValues,
  type Trainer,
  type TrainingState,
} from "../../train/index.js";
import { createRandom } from "../../volume/index.js";
import { createBatchStream, renderValidationSet, validate } from "../train/index.js";
import { type FineTuneEntry, isBetter, stalled } from "./choice.js";
import { batchClasses, type FineTuneOptions, type FineTuneSettings, fineTuneSettings } from "./options.js";
import { splitParticles } from "./particles.js";
import { scoreHeldOut } from "./score.js";

/** The weights of the model that ships with cosnet; models/ lies two folders up in src and in dist alike. */
const DEFAULT_WEIGHTS_PATH = fileURLToPath(new URL("../../../models/cosnet.safetensors", import.meta.url));

export interface FineTuneResult {
  readonly modelPath: string;
  readonly weightsPath: string;
  readonly reportPath: string;
  readonly classes: readonly { readonly name: string; readonly training: number; readonly heldOut: number }[];
  /** Row of the list, from 0, of each particle held out. */
  readonly heldOutRows: readonly number[];
  readonly before: FineTuneEntry;
  /** The model that was written: the best step's, or the start's when no step was better. */
  readonly after: FineTuneEntry;
  readonly history: readonly FineTuneEntry[];
  readonly settings: FineTuneSettings;
  readonly startWeights: string;
  readonly contrast: string;
  /** Tilt geometry and noise of the particles, and what was done about them. */
  readonly measured: string;
  readonly minutes: number;
}

const WARMUP_STEPS = 20;

/**
 * Trains the default model, or given weights, further on a user's own labelled particles, mixed with simulated ones so that
 * it stays a model for any class. The particles' masks are not known and do not count. Writes `model.onnx`,
 * `weights.safetensors` and `fine-tune.json`. The step that is best on the particles held out is taken, among those that
 * have forgotten little; the start counts as a step.
 * @throws ConfigError when a result is there already or an option cannot be used; FormatError when a class has too few
 * particles; FileError, FormatError as reading does; AbortError.
 */
export async function fineTune(options: FineTuneOptions): Promise<FineTuneResult> {
  return withStagedFiles(options.outputFolder, (files) => fineTuneInto(files, options));
}

async function fineTuneInto(files: StagedFiles, options: FineTuneOptions): Promise<FineTuneResult> {
  const started = performance.now();
  const { outputFolder, onProgress, signal, threads, inverted } = options;
  const settings = fineTuneSettings(options);
  const modelPath = join(outputFolder, "model.onnx");
  if (!options.overwrite && (await fileExists(modelPath)))
    throw new ConfigError(`${modelPath} is there already`, { hint: "Give another --output, or --overwrite." });
  const { seed, steps, validateSteps } = settings;
  const startWeights = options.weightsPath ?? DEFAULT_WEIGHTS_PATH;
  const network = options.network ?? (await storedNetwork(startWeights)) ?? presetConfig("cosnet");
  const { names, measured, training, heldOut, heldOutRows } = await readParticles(options, settings);
  const complexes = await trainingComplexes({
    ...(options.structureFolders && { structureFolders: options.structureFolders }),
    onProgress,
    signal,
    onWarning: options.onWarning,
  });

  const { own, simulated } = batchClasses(names.length);
  const trainer = await createTrainer(
    nodeRuntime,
    network,
    { ...trainingStepDefaults, classes: own + simulated, masksMayLack: true },
    threads === undefined ? {} : { threads },
  );
  const state: TrainingState = { ...trainer.initialState(seed), ...(await loadWeights(startWeights, trainer.layout)) };
  const mix = mixParticles(training, { seed, classes: own, shots: 1 });
  const structureClasses = Math.round(simulated / 4);
  const batch = { ...batchDefaults, classes: simulated, structureClasses, pool: settings.pool, seed };
  const stream = createBatchStream({ options: batch, structures: complexes.training }, 0);
  try {
    const validationSet = await renderValidationSet(complexes.validation, settings.validationViews, seed);
    const evaluate = async (losses: readonly number[]): Promise<FineTuneEntry> => {
      onProgress?.({ stage: "validating", done: state.step, total: steps });
      const model = modelOf(network, trainer, state, { steps: state.step, seed, classes: names.join(" ") });
      const embedder = await createEmbedder(nodeRuntime, model, threads === undefined ? {} : { threads });
      try {
        return {
          step: state.step,
          ...(losses.length > 0 && { classificationLoss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length }),
          ...(heldOutRows.length > 0 && {
            heldOut: await scoreHeldOut(embedder, training, heldOut, { classCount: names.length, signal }),
          }),
          others: await validate(nodeRuntime, model, validationSet, threads),
        };
      } finally {
        await embedder.release();
      }
    };
    const history = [await evaluate([])];
    let best = { entry: history[0]!, state: snapshot(state) };
    let losses: number[] = [];
    while (state.step < steps && !stalled(history, best.entry, settings.patience)) {
      throwIfAborted(signal);
      const batch = mix(state.step, await stream.next());
      const rate = learningRateAt(state.step, { peak: settings.peakLearningRate, steps, warmup: WARMUP_STEPS });
      const { classificationLoss, accuracy } = await trainer.step(state, batch, rate);
      if (!Number.isFinite(classificationLoss))
        throw new ConfigError(`fine-tuning diverged at step ${state.step}: the loss is not a number`, {
          hint: "Lower --learning-rate.",
        });
      losses.push(classificationLoss);
      const note = `loss ${classificationLoss.toFixed(3)}, matched ${(100 * accuracy).toFixed(0)} %`;
      onProgress?.({ stage: "fine-tuning", done: state.step, total: steps, note });
      if (state.step % validateSteps !== 0 && state.step !== steps) continue;
      const entry = await evaluate(losses);
      losses = [];
      history.push(entry);
      if (isBetter(entry, best.entry, history[0]!)) best = { entry, state: snapshot(state) };
    }
    const provenance = {
      seed,
      steps: best.entry.step,
      fineTunedFrom: startWeights === DEFAULT_WEIGHTS_PATH ? "the default model" : startWeights,
      fineTunedOn: names.join(" "),
    };
    await files.write("weights.safetensors", encodeWeights(network, trainer.layout, best.state));
    const result: FineTuneResult = {
      modelPath,
      weightsPath: join(outputFolder, "weights.safetensors"),
      reportPath: join(outputFolder, "fine-tune.json"),
      classes: names.map((name, label) => ({
        name,
        training: countOf(training, label),
        heldOut: countOf(heldOut, label),
      })),
      heldOutRows,
      before: history[0]!,
      after: best.entry,
      history,
      settings,
      startWeights,
      contrast: inverted ? "dark protein in the files, inverted for the network" : "bright protein in the files",
      measured,
      minutes: (performance.now() - started) / 60_000,
    };
    await files.write("fine-tune.json", `${JSON.stringify(result, null, 2)}\n`);
    await files.write("model.onnx", modelOf(network, trainer, best.state, provenance));
    return result;
  } finally {
    await stream.close();
    await trainer.release();
  }
}

async function readParticles(options: FineTuneOptions, { heldOutShare: share, seed }: FineTuneSettings) {
  if (!(share >= 0 && share <= 0.5))
    throw new ConfigError(`a share of ${share} cannot be held out`, { hint: "Give 0 to 0.5 with --hold-out." });
  const boxes = await readParticleBoxes(options.particlesPath, {
    edge: trainingStepDefaults.edge,
    voxelSizeAngstrom: NETWORK_VOXEL_SIZE_ANGSTROM,
    fileVoxelSizeAngstrom: options.voxelSizeAngstrom,
    inverted: options.inverted ?? false,
    tomogramPath: options.tomogramPath,
    onProgress: options.onProgress,
    signal: options.signal,
  });
  const { names, labels } = classesOfExamples(boxes.list, boxes.path);
  for (const warning of new Set([...boxes.warnings, ...contrastWarnings(boxes, options)])) options.onWarning?.(warning);
  const random = createRandom(seed).fork("held out");
  const { edge } = trainingStepDefaults;
  // As `classify` will show them to the model.
  const adaptation = (options.adapt ?? true) ? measureAdaptation(boxes.volumes, edge) : noAdaptation;
  const particles = { volumes: adaptVolumes(boxes.volumes, edge, adaptation), labels, edge };
  const measured = describeAdaptation(adaptation);
  return { names, measured, ...splitParticles(particles, { share, names, path: options.particlesPath, random }) };
}

const NETWORK_VOXEL_SIZE_ANGSTROM = 10;

function modelOf(
  network: NetworkConfig,
  trainer: Trainer,
  state: Pick<TrainingState, "parameters" | "statistics">,
  provenance: Readonly<Record<string, string | number>>,
): Uint8Array {
  return encodeModel(network, stateValues(trainer.layout, state), provenance);
}

function snapshot({ parameters, statistics, step }: TrainingState) {
  return { parameters: parameters.slice(), statistics: statistics.slice(), step };
}

const countOf = ({ labels }: LabelledVolumes, label: number): number =>
  Array.from(labels).filter((other) => other === label).length;
