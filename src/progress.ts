import { throwIfAborted } from "./errors.js";

/** How far a long job has come. `stage` is a short phrase a user understands ("rendering particles"). */
export interface ProgressReport {
  readonly stage: string;
  readonly done: number;
  /** 0 when the total is not known. */
  readonly total: number;
  /** Something worth seeing beside the bar, e.g. "loss 0.412". */
  readonly note?: string;
}

/** What every job takes among its options. */
export interface Progress {
  /** Called often; receivers throttle. */
  readonly onProgress?: ((report: ProgressReport) => void) | undefined;
  /** Aborting it makes the job remove its partial files and throw an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
}

/** What every job that leaves a folder of results takes among its options. */
export interface JobOptions extends Progress {
  readonly outputFolder: string;
  /** Replace what an earlier run has left. */
  readonly overwrite?: boolean;
  /** What every random choice follows from; default `DEFAULT_SEED`. */
  readonly seed?: number;
  /** How the run was asked for; written beside the results. */
  readonly command?: string;
  /** Told in a sentence what is odd, but does not stop the job. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** What every job with a report says of itself. */
export interface JobResult {
  readonly reportPath: string;
  /** Name and checksum. */
  readonly model: string;
  readonly seed: number;
  readonly seconds: number;
}

/** How fast a stage goes. */
export interface StagePace {
  readonly isNewStage: boolean;
  /** Since the stage was first heard of. */
  readonly seconds: number;
  /** Undefined as long as there is little to tell it from. */
  readonly perSecond?: number;
  /** Until the end of the stage, where its total is known. */
  readonly secondsLeft?: number;
}

/** A shorter time tells little of a pace. */
const LEAST_SECONDS_OF_PACE = 0.5;

/**
 * Tells the pace of the stages of a job from its reports, all of which are to go through it.
 * @param now milliseconds.
 */
export function createStagePaces(now: () => number): (report: ProgressReport) => StagePace {
  let stage: string | undefined;
  let start = 0;
  let startDone = 0;
  return (report) => {
    const isNewStage = report.stage !== stage;
    if (isNewStage) {
      stage = report.stage;
      start = now();
      startDone = report.done;
    }
    const seconds = (now() - start) / 1000;
    const done = report.done - startDone;
    if (seconds < LEAST_SECONDS_OF_PACE || done <= 0) return { isNewStage, seconds };
    const perSecond = done / seconds;
    if (report.total <= report.done) return { isNewStage, seconds, perSecond };
    return { isNewStage, seconds, perSecond, secondsLeft: (report.total - report.done) / perSecond };
  };
}

/** What is odd about a run, said as it is found. */
export interface Warnings {
  /** All that was said so far, in order and each once. */
  readonly warnings: readonly string[];
  readonly onWarning: (warning: string) => void;
}

/** Passes each warning on once and keeps it, so that terminal, report and result say the same. */
export function keptWarnings(passOn: ((warning: string) => void) | undefined): Warnings {
  const warnings: string[] = [];
  return {
    warnings,
    onWarning(warning) {
      if (warnings.includes(warning)) return;
      warnings.push(warning);
      passOn?.(warning);
    },
  };
}

/** Seed of all random choices where none is given, of every job as of every command. */
export const DEFAULT_SEED = 7;

/** Work that has no parts to count: its beginning is shown, and how long it took. @throws AbortError; what `work` throws. */
export async function inOnePiece<T>(
  stage: string,
  { onProgress, signal }: Progress,
  work: () => T | Promise<T>,
): Promise<T> {
  onProgress?.({ stage, done: 0, total: 1 });
  await breathe(signal);
  const result = await work();
  onProgress?.({ stage, done: 1, total: 1 });
  return result;
}

/**
 * Resolves in the next turn of the event loop, so that signals and timers are served during a long synchronous job.
 * @throws AbortError when the job has been aborted by then.
 */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  throwIfAborted(signal);
}

/** A signal that is answered within this time seems to be answered at once. */
const LONGEST_WITHOUT_BREATH_MILLISECONDS = 100;

/**
 * The result of long work in steps of some milliseconds each, with signals and timers served between them.
 * @throws AbortError when the job has been aborted; what a step throws.
 */
export async function stoppable<Result>(
  steps: Generator<void, Result, void>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  for (let last = performance.now(); ; ) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - last < LONGEST_WITHOUT_BREATH_MILLISECONDS) continue;
    await breathe(signal);
    last = performance.now();
  }
}
