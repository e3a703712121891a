import { join } from "node:path";
import { type StagedFiles, withStagedFiles } from "../../files/disk/index.js";
import { DEFAULT_WEIGHTS_PATH, encodeWeights, storedNetwork } from "../../files/model/index.js";
import { encodeModel, presetConfig } from "../../model/index.js";
import type { Device } from "../../runtime/index.js";
import { type LabelledVolumes, stateValues } from "../../train/index.js";
import type { FineTuneEntry } from "./choice.js";
import { type FineTuneOptions, type FineTuneSettings, fineTuneSettings } from "./options.js";
import { readOwnParticles } from "./particles.js";
import { tune } from "./tune.js";

/** The adapted model, and its accuracy before and after. */
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
  /** Where the steps were computed. */
  readonly device: Device;
  readonly startWeights: string;
  readonly contrast: string;
  /** Tilt geometry and noise of the particles, and what was done about them. */
  readonly measured: string;
  readonly minutes: number;
}

/**
 * Trains the default model, or given weights, further on a user's own labelled particles, mixed with simulated ones so that
 * it stays a model for any class. The particles' masks are not known and do not count. Writes `model.onnx`,
 * `weights.safetensors` and `fine-tune.json`. The step that is best on the particles held out is taken, among those that
 * have forgotten little; the start counts as a step.
 * @throws ConfigError when a result is there already or an option cannot be used; FormatError when a class has too few
 * particles; ModelError when the loss is no longer a number; FileError, FormatError as reading does; AbortError.
 */
export async function fineTune(options: FineTuneOptions): Promise<FineTuneResult> {
  const { outputFolder, overwrite } = options;
  return withStagedFiles(outputFolder, { lastFile: "model.onnx", overwrite }, (files) => fineTuneInto(files, options));
}

async function fineTuneInto(files: StagedFiles, options: FineTuneOptions): Promise<FineTuneResult> {
  const started = performance.now();
  const { outputFolder, weightsPath: startWeights = DEFAULT_WEIGHTS_PATH } = options;
  const settings = fineTuneSettings(options);
  const modelPath = join(outputFolder, "model.onnx");
  const network = options.network ?? (await storedNetwork(startWeights)) ?? presetConfig("cosnet");
  const particles = await readOwnParticles(options, settings);
  const { names, training, heldOut, heldOutRows, measured } = particles;
  const { before, after, history, device, layout, state } = await tune(particles, {
    ...options,
    network,
    startWeights,
    settings,
  });
  await files.write("weights.safetensors", encodeWeights(network, layout, state));
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
    before,
    after,
    history,
    settings,
    device,
    startWeights,
    contrast: particles.contrast,
    measured,
    minutes: (performance.now() - started) / 60_000,
  };
  await files.write("fine-tune.json", `${JSON.stringify(result, null, 2)}\n`);
  const provenance = {
    seed: settings.seed,
    steps: after.step,
    fineTunedFrom: startWeights === DEFAULT_WEIGHTS_PATH ? "the default model" : startWeights,
    fineTunedOn: names.join(" "),
  };
  await files.write("model.onnx", encodeModel(network, stateValues(layout, state), provenance));
  return result;
}

const countOf = ({ labels }: LabelledVolumes, label: number): number =>
  Array.from(labels).filter((other) => other === label).length;
