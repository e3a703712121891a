/** The loop of every training: step, trace, validate, keep the best, checkpoint, stop when asked to. */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../../errors.js";
import { type Checkpoint, saveCheckpoint } from "../../files/model/index.js";
import type { ParameterLayout } from "../../model/index.js";
import { type Progress, throwIfAborted } from "../../progress.js";

const CHECKPOINT_SECONDS = 120;

/** What differs between trainings. */
export interface TrainingLoop<Recipe extends object, Entry> extends Progress {
  readonly folder: string;
  readonly layout: ParameterLayout;
  readonly steps: number;
  /** Steps between validations. */
  readonly validateSteps: number;
  /** Does the next step on the checkpoint's state: three figures for the trace, and what to show of them. */
  step(): Promise<{
    readonly figures: readonly [number, number, number];
    readonly gradientNorm: number;
    readonly note: string;
  }>;
  /** Scores the state and writes its model; the entry is not in the history yet. */
  validate(checkpoint: Checkpoint<Recipe, Entry>): Promise<Entry>;
  /** Told when the entry is in the history and the checkpoint saved. */
  validated(checkpoint: Checkpoint<Recipe, Entry>): Promise<void>;
  /** Whether to stop before the last step, from the history; never when absent. */
  stalled?(history: readonly Entry[]): boolean;
}

/**
 * Trains from `start` on to the last step. The checkpoint is saved at each validation, every two minutes, and on an abort.
 * @throws ConfigError when a figure is not a number, AbortError.
 */
export async function runTraining<Recipe extends object, Entry>(
  start: Checkpoint<Recipe, Entry>,
  loop: TrainingLoop<Recipe, Entry>,
): Promise<Checkpoint<Recipe, Entry>> {
  const { folder, layout, steps, validateSteps, onProgress, signal } = loop;
  const { state, recipe, trace } = start;
  const history = [...start.history];
  const began = performance.now();
  const snapshot = (): Checkpoint<Recipe, Entry> => ({
    state,
    recipe,
    history,
    trace,
    seconds: start.seconds + (performance.now() - began) / 1000,
  });
  const save = () => saveCheckpoint(folder, layout, snapshot());
  let saved = performance.now();
  while (state.step < steps && !loop.stalled?.(history)) {
    const { figures, gradientNorm, note } = await loop.step();
    trace.push(...figures);
    if (!Number.isFinite(figures[0] + gradientNorm))
      throw new ConfigError(`training diverged at step ${state.step}: the loss is not a number`, {
        hint: "Lower --learning-rate and start afresh in another folder.",
      });
    onProgress?.({ stage: "training", done: state.step, total: steps, note });
    if (state.step % validateSteps === 0 || state.step === steps) {
      const entry = await loop.validate(snapshot());
      history.push(entry);
      await save();
      await appendFile(join(folder, "log.jsonl"), `${JSON.stringify(entry)}\n`);
      await loop.validated(snapshot());
      saved = performance.now();
    } else if (performance.now() - saved > CHECKPOINT_SECONDS * 1000) {
      await save();
      saved = performance.now();
    }
    if (signal?.aborted) {
      await save();
      throwIfAborted(signal);
    }
  }
  return snapshot();
}
