import { join } from "node:path";
import { ConfigError, FormatError } from "../../errors.js";
import { readSafetensors, writeSafetensors } from "../../io/index.js";
import type { ParameterLayout } from "../../model/index.js";
import type { TrainingState } from "../../train/index.js";
import { fileExists, readFileBytes, writeFileAtomic } from "../disk/index.js";
import { namedArrays, tensorOf, weightsOf } from "./weights.js";

/** What is kept of a step; which figures is the training's to say, the loss first. */
export type StepFigures = readonly [number, number, number];

/** How far a training has come. `Entry` is a line of its history: one validation. */
export interface TrainingRun<Entry> {
  readonly state: TrainingState;
  readonly history: readonly Entry[];
  /** Of every step so far. */
  readonly trace: readonly StepFigures[];
  /** Training time so far, over all sessions. */
  readonly seconds: number;
}

/** What a training of any network needs to go on; `Recipe` is what decides its result. */
export interface Checkpoint<Recipe extends object, Entry> extends TrainingRun<Entry> {
  readonly recipe: Recipe;
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
  arrays.set("trace", { dtype: "F32", shape: [trace.length, 3], data: Float32Array.from(trace.flat()) });
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
export async function loadCheckpoint<Recipe extends object, Entry>(
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
    const reason = cause instanceof FormatError ? cause.reason : "its settings cannot be read";
    throw new FormatError(reason, path, { cause, hint: "Restore a copy of it, or delete it to start afresh." });
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
  // What is as usual may be left out of either.
  const keys = new Set(Object.keys({ ...stored, ...recipe })) as Set<keyof Recipe & string>;
  const differing = [...keys].filter((key) => JSON.stringify(stored[key]) !== JSON.stringify(recipe[key]));
  if (differing.length > 0)
    throw new ConfigError(`the training there was started with other settings (${differing.join(", ")})`, {
      where: path,
      hint: "Give the same options to continue it, or another --output to start afresh.",
    });
  const step = Number(metadata.step);
  const figures = tensorOf(arrays, "trace", 3 * step, path);
  return {
    state: {
      step,
      ...weightsOf(arrays, layout, path),
      momentum: tensorOf(arrays, "optimiser.momentum", layout.parameterCount, path),
      velocity: tensorOf(arrays, "optimiser.velocity", layout.parameterCount, path),
    },
    recipe: stored,
    history: JSON.parse(metadata.history ?? "[]") as Entry[],
    // Three figures, by the size of the tensor.
    trace: Array.from({ length: step }, (_, i) => [...figures.subarray(3 * i, 3 * i + 3)] as unknown as StepFigures),
    seconds: Number(metadata.seconds),
  };
}
