import { join } from "node:path";
import { ConfigError, FormatError } from "../../errors.js";
import { elementCount } from "../../graph/index.js";
import { readSafetensors, type SafetensorsArray, writeSafetensors } from "../../io/index.js";
import { type NetworkConfig, type ParameterLayout, presetNames } from "../../model/index.js";
import { type BatchOptions, stateValues, type TrainingState } from "../../train/index.js";
import type { Shape3 } from "../../volume/index.js";
import { fileExists, readFileBytes, writeFileAtomic } from "../disk/index.js";

/** The settings that decide the result; stored in the checkpoint and compared when a training is continued. */
export interface TrainingRecipe {
  readonly network: NetworkConfig;
  /** Without the classes that are cut from specimens. */
  readonly batch: BatchOptions;
  /** Left out where there are none. */
  readonly specimens?: { readonly count: number; readonly shape: Shape3; readonly classes: number } | undefined;
  readonly steps: number;
  readonly seed: number;
  readonly peakLearningRate: number;
  readonly validateSteps: number;
  readonly validationViews: number;
  readonly patience: number;
  readonly trainingComplexes: readonly string[];
  readonly validationComplexes: readonly string[];
  /** SHA-256 of the file of weights it started from. */
  readonly start?: string | undefined;
}

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

/** Accuracy and Dice on the validation complexes, by task. */
export interface ValidationScores {
  /** Mean of the accuracies and of the Dice coefficients below: what early stopping looks at. */
  readonly score: number;
  readonly [figure: string]: number;
}

/** What a training of any network needs to go on: `Recipe` is what decides its result, `Entry` a line of its history. */
export interface Checkpoint<Recipe extends object = TrainingRecipe, Entry = HistoryEntry> {
  readonly state: TrainingState;
  readonly recipe: Recipe;
  readonly history: readonly Entry[];
  /** Three figures of every step so far, one step after the other; of the classifier: classification loss, Dice loss, share matched. */
  readonly trace: number[];
  /** Training time so far, over all sessions. */
  readonly seconds: number;
}

const FILE = "checkpoint.safetensors";
const FLAT = ["momentum", "velocity"] as const;

export const checkpointPath = (folder: string): string => join(folder, FILE);

/** Writes parameters by name, optimiser state and history; an earlier checkpoint stays until the new one is complete. */
export async function saveCheckpoint<Recipe extends object, Entry>(
  folder: string,
  layout: ParameterLayout,
  checkpoint: Checkpoint<Recipe, Entry>,
): Promise<void> {
  const { state, recipe, history, trace, seconds } = checkpoint;
  const arrays = namedArrays(layout, state);
  for (const name of FLAT)
    arrays.set(`optimiser.${name}`, { dtype: "F32", shape: [layout.parameterCount], data: state[name] });
  arrays.set("trace", { dtype: "F32", shape: [trace.length / 3, 3], data: Float32Array.from(trace) });
  const metadata = {
    format: "cosnet-checkpoint-1",
    step: String(state.step),
    seconds: String(seconds),
    recipe: JSON.stringify(recipe),
    history: JSON.stringify(history),
  };
  await writeFileAtomic(checkpointPath(folder), writeSafetensors(arrays, metadata));
}

/**
 * The checkpoint in a folder, or undefined where there is none.
 * @throws FormatError when the file is damaged; ConfigError when it is of a training with other settings.
 */
export async function loadCheckpoint<Recipe extends object = TrainingRecipe, Entry = HistoryEntry>(
  folder: string,
  layout: ParameterLayout,
  recipe: Recipe,
): Promise<Checkpoint<Recipe, Entry> | undefined> {
  const path = checkpointPath(folder);
  if (!(await fileExists(path))) return undefined;
  const bytes = await readFileBytes(path);
  try {
    return readCheckpoint(bytes, { path, layout, recipe });
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    // What is damaged may fail anywhere: in the tensors, in a number, in the JSON of the recipe.
    const message =
      cause instanceof FormatError ? cause.message.replace(`${path}: `, "") : "its settings cannot be read";
    throw new FormatError(message, path, { cause, hint: "Restore a copy of it, or delete it to start afresh." });
  }
}

function readCheckpoint<Recipe extends object, Entry>(
  bytes: Uint8Array,
  { path, layout, recipe }: { path: string; layout: ParameterLayout; recipe: Recipe },
): Checkpoint<Recipe, Entry> {
  const { arrays, metadata } = readSafetensors(bytes, { name: path });
  if (metadata.format !== "cosnet-checkpoint-1")
    throw new FormatError("this is not a checkpoint of a cosnet training", path);
  const stored = JSON.parse(metadata.recipe ?? "{}") as Recipe;
  const differing = (Object.keys(recipe) as (keyof Recipe & string)[]).filter(
    (key) => JSON.stringify(stored[key]) !== JSON.stringify(recipe[key]),
  );
  if (differing.length > 0)
    throw new ConfigError(`${path}: the training there was started with other settings (${differing.join(", ")})`, {
      hint: "Give the same options to continue it, or another --output to start afresh.",
    });
  return {
    state: {
      step: Number(metadata.step),
      ...weightsOf(arrays, layout, path),
      momentum: tensorOf(arrays, "optimiser.momentum", layout.parameterCount, path),
      velocity: tensorOf(arrays, "optimiser.velocity", layout.parameterCount, path),
    },
    recipe: stored,
    history: JSON.parse(metadata.history ?? "[]") as Entry[],
    trace: [...tensorOf(arrays, "trace", Number(metadata.step) * 3, path)],
    seconds: Number(metadata.seconds),
  };
}

/** What inference and a new training start from: parameters and running statistics, without the optimiser's state. */
export type Weights = Pick<TrainingState, "parameters" | "statistics">;

/**
 * The weights in a checkpoint, or in a file of weights alone, of a network of this layout.
 * @throws FormatError when the file is damaged or of another network.
 */
export async function loadWeights(path: string, layout: ParameterLayout): Promise<Weights> {
  return weightsOf(readSafetensors(await readFileBytes(path), { name: path }).arrays, layout, path);
}

/**
 * The network that a checkpoint or a file of weights is of, where the file says so.
 * @throws FileError, FormatError when the file cannot be read.
 */
export async function storedNetwork(path: string): Promise<NetworkConfig | undefined> {
  const { metadata } = readSafetensors(await readFileBytes(path), { name: path });
  try {
    const { network } = JSON.parse(metadata.recipe ?? "{}") as Partial<TrainingRecipe>;
    return network && presetNames.includes(network.preset) ? network : undefined;
  } catch {
    return undefined;
  }
}

/** A file of weights to start from, as `loadWeights` and `storedNetwork` read it. */
export function encodeWeights(
  network: NetworkConfig,
  layout: ParameterLayout,
  state: Pick<TrainingState, "parameters" | "statistics" | "step">,
): Uint8Array {
  const metadata = {
    format: "cosnet-weights-1",
    recipe: JSON.stringify({ network }),
    step: String(state.step),
  };
  return writeSafetensors(namedArrays(layout, state), metadata);
}

function namedArrays(
  layout: ParameterLayout,
  state: Pick<TrainingState, "parameters" | "statistics">,
): Map<string, SafetensorsArray> {
  const values = stateValues(layout, state);
  return new Map(
    [...layout.parameters, ...layout.statistics].map(({ name, shape }) => [
      name,
      { dtype: "F32", shape, data: values.get(name)! },
    ]),
  );
}

function weightsOf(arrays: ReadonlyMap<string, SafetensorsArray>, layout: ParameterLayout, path: string): Weights {
  const flat = (specs: ParameterLayout["parameters"], count: number): Float32Array => {
    const out = new Float32Array(count);
    for (const { name, shape, offset } of specs) out.set(tensorOf(arrays, name, elementCount(shape), path), offset);
    return out;
  };
  return {
    parameters: flat(layout.parameters, layout.parameterCount),
    statistics: flat(layout.statistics, layout.statisticCount),
  };
}

function tensorOf(
  arrays: ReadonlyMap<string, SafetensorsArray>,
  name: string,
  count: number,
  path: string,
): Float32Array {
  const array = arrays.get(name);
  if (array?.dtype !== "F32" || array.data.length !== count)
    throw new FormatError(`tensor ${name} is missing or has the wrong size`, path, {
      hint: "The file is of another network: give the same --preset and switches.",
    });
  return array.data;
}
