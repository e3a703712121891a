/** The loop of every training: step, trace, validate, keep the best, save the run, stop early or when asked to. */
import { ModelError, throwIfAborted } from "../../errors.js";
import type { StepFigures, TrainingRun } from "../../files/model/index.js";
import type { Progress } from "../../progress.js";
import { learningRateAt, type Trainer } from "../../train/index.js";

const SAVE_SECONDS = 120;

/** What is kept of a step, and what to show of it. */
export interface StepSummary {
  readonly figures: StepFigures;
  readonly note: string;
}

/** What differs between trainings. */
export interface Training<Batch, Report, Entry> extends Progress {
  /** What progress and errors call it. */
  readonly stage: "training" | "fine-tuning";
  readonly trainer: Pick<Trainer<Batch, Report>, "step" | "fetch">;
  readonly steps: number;
  /** Steps between validations; the last step is always followed by one. */
  readonly validateSteps: number;
  readonly peakLearningRate: number;
  readonly warmupSteps: number;
  /** The batch of each step, asked for in order. */
  nextBatch(step: number): Batch | Promise<Batch>;
  summarise(report: Report): StepSummary;
  /** Scores the state; the entry is not in the history yet. `means`: of the figures of the steps since the entry before. */
  validate(run: TrainingRun<Entry>, means: StepFigures): Promise<Entry>;
  /** Which validation counts; without it the last one does, and there is no early stop. */
  readonly choice?: {
    best(history: readonly Entry[]): Entry;
    /** Validations without a better one after which training stops. */
    readonly patience: number;
    /** Told when the newest entry is the best. */
    keep(run: TrainingRun<Entry>): void | Promise<void>;
  };
  /** Saves the run so that it can be continued: after each validation, every two minutes, and on an abort. */
  save?(run: TrainingRun<Entry>): Promise<void>;
}

/**
 * Trains from `start` on to the last step, or until `choice` has enough; changes the state of `start`.
 * @throws ModelError when the loss is no longer a number, AbortError.
 */
export async function runTraining<
  Batch,
  Report extends { readonly gradientNorm: number },
  Entry extends { readonly step: number },
>(start: TrainingRun<Entry>, training: Training<Batch, Report, Entry>): Promise<TrainingRun<Entry>> {
  const { trainer, steps, validateSteps, peakLearningRate: peak, warmupSteps: warmup, choice, signal } = training;
  const { state } = start;
  const history = [...start.history];
  const trace = [...start.trace];
  const began = performance.now();
  let saved = began;
  const run = async (): Promise<TrainingRun<Entry>> => {
    await trainer.fetch(state);
    return { state, history, trace, seconds: start.seconds + (performance.now() - began) / 1000 };
  };
  const save = async (): Promise<void> => {
    await training.save?.(await run());
    saved = performance.now();
  };
  const enough = (): boolean =>
    choice !== undefined && history.length > 0 && stalled(history, choice.best(history), choice.patience);
  training.onProgress?.({ stage: training.stage, done: state.step, total: steps });
  while (state.step < steps && !enough()) {
    const batch = await training.nextBatch(state.step);
    const learningRate = learningRateAt(state.step, { peak, steps, warmup });
    const report = await trainer.step(state, batch, learningRate).catch(async (error) => {
      if (signal?.aborted) await save();
      throw error;
    });
    const { figures, note } = training.summarise(report);
    if (!Number.isFinite(figures[0] + report.gradientNorm)) throw diverged(training, state.step);
    trace.push(asKept(figures));
    training.onProgress?.({ stage: training.stage, done: state.step, total: steps, note });
    if (state.step % validateSteps === 0 || state.step === steps) {
      const entry = await training.validate(await run(), meansOf(trace.slice(history.at(-1)?.step)));
      history.push(entry);
      if (choice?.best(history) === entry) await choice.keep(await run());
      await save();
    } else if (performance.now() - saved > SAVE_SECONDS * 1000) await save();
    if (signal?.aborted) {
      await save();
      throwIfAborted(signal);
    }
  }
  return run();
}

/** Whether the last `patience` validations have brought nothing better. */
export function stalled<Entry>(history: readonly Entry[], best: Entry, patience: number): boolean {
  return history.length - 1 - history.indexOf(best) >= patience;
}

/** Figures as a checkpoint keeps them, float32: a training that continues has the same means as one that was not stopped. */
const asKept = ([first, second, third]: StepFigures): StepFigures => [
  Math.fround(first),
  Math.fround(second),
  Math.fround(third),
];

function meansOf(trace: readonly StepFigures[]): StepFigures {
  const mean = (figure: 0 | 1 | 2): number => trace.reduce((sum, figures) => sum + figures[figure], 0) / trace.length;
  return [mean(0), mean(1), mean(2)];
}

function diverged({ stage, save }: Pick<Training<never, never, never>, "stage" | "save">, step: number): ModelError {
  return new ModelError(`${stage} diverged at step ${step}: the loss is not a number`, {
    hint: `Lower --learning-rate${save ? " and start afresh in another folder" : ""}.`,
  });
}
