/** Units as the tasks of job arrays of a Slurm cluster. */
import { countText } from "../../../../count-text.js";
import { AbortError, ConfigError, throwIfAborted } from "../../../../errors.js";
import { keptWarnings } from "../../../../progress.js";
import { shellWord } from "../../../command-text/index.js";
import { type BatchUnit, type Executor, type ExecutorContext, expectedMemory } from "../executor.js";
import { type Answer, cancelJobs, listTasks, maximumArraySize } from "./controller.js";
import { follow } from "./follow.js";
import { createPauses, DEFAULT_PACE, type Pace } from "./pace.js";
import type { Attempt, JobArray, SlurmRun } from "./run.js";
import { cpusPerTask, memoryBytesOf, type SlurmSettings, siteOptions } from "./settings.js";
import { openSubmissions, withdrawSubmission } from "./submissions.js";
import { jobArray, submitWaiting } from "./submit.js";
import { taskEnd } from "./task-state.js";

/** Memory is asked for in steps, so that units that hardly differ share a job array. */
const MEMORY_STEP_BYTES = 2 ** 28;

/**
 * Tasks of job arrays. They go on when this process ends, in whatever way, and a later run takes them over. Needs Slurm's commands
 * and a folder of the batch that all nodes see, no accounting database.
 * @throws ConfigError for settings that cannot be.
 */
export function createSlurmExecutor(settings: SlurmSettings, pace: Pace = DEFAULT_PACE): Executor {
  const options = siteOptions(settings);
  const memoryBytes = settings.memory === undefined ? undefined : memoryBytesOf(settings.memory);
  /** With as many threads as a task has, and the memory that it asks for. */
  const asTask = (unit: BatchUnit): BatchUnit => {
    const threads = cpusPerTask(settings) ?? unit.threads;
    const steps = Math.max(1, Math.ceil(expectedMemory(unit, threads) / MEMORY_STEP_BYTES));
    return { ...unit, threads, threadBytes: 0, memoryBytes: memoryBytes ?? steps * MEMORY_STEP_BYTES };
  };
  return {
    async run(units, context) {
      const arrays = await takeOver(units, context.batchFolder);
      const taken = new Set(arrays.flatMap(({ tasks }) => [...tasks.values()].map(({ unit }) => unit.id)));
      const left = units.filter(({ id }) => !taken.has(id));
      const waiting = new Set(left.map((unit) => ({ unit: asTask(unit), number: 1 })));
      const { settleMilliseconds } = pace;
      const run = { settings, context, siteOptions: options, settleMilliseconds, arrays, waiting };
      await work(
        {
          ...run,
          arraySize: 0,
          isFull: false,
          isCancelled: false,
          warnOnce: keptWarnings(context.onWarning).onWarning,
        },
        pace,
      );
    },
  };
}

/** The tasks of these units that an earlier process submitted, and of whose end nobody knows yet. */
async function takeOver(units: readonly BatchUnit[], batchFolder: string): Promise<JobArray[]> {
  const submissions = await openSubmissions(batchFolder);
  // A unit may have been submitted again while others of its first array still ran: the last time counts.
  const lastOf = new Map(submissions.flatMap((submission) => submission.units.map((id) => [id, submission] as const)));
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const arrays = submissions.map((submission) =>
    jobArray(
      submission,
      submission.units.map((id, i): Attempt | undefined => {
        const unit = byId.get(id);
        if (!unit || lastOf.get(id) !== submission) return undefined;
        const { memoryBytes = unit.memoryBytes, number = 1 } = submission.attempts[i] ?? {};
        return { unit: { ...unit, memoryBytes }, number };
      }),
    ),
  );
  return arrays.filter(({ tasks }) => tasks.size > 0);
}

/**
 * Submits and follows until nothing is left. When it is stopped, tasks go on: their place in the queue may have taken days.
 * @throws AbortError, ConfigError, FileError.
 */
async function work(run: SlurmRun, pace: Pace): Promise<void> {
  const { arrays, waiting, context } = run;
  const hear = createListener(context);
  const pause = createPauses(pace, context.signal);
  let largestArray: number | undefined;
  try {
    while (waiting.size > 0 || arrays.length > 0) {
      throwIfAborted(context.signal);
      largestArray ??= hear(await maximumArraySize());
      if (largestArray !== undefined) {
        run.arraySize = Math.min(largestArray, 2 * run.arraySize || largestArray); // smaller where Slurm takes no more
        run.isFull = false;
        await submitWaiting(run);
      }
      if (waiting.size + arrays.length === 0) break;
      await pause();
      const tasks = hear(await listTasks(arrays.map(({ submission }) => submission.jobName)));
      if (tasks) await follow(run, tasks);
    }
    if (run.isCancelled) throw new AbortError("its tasks were cancelled");
  } catch (error) {
    if (!context.signal?.aborted) throw error;
    const count = arrays.reduce((sum, { tasks }) => sum + tasks.size, 0);
    if (count === 0) throw new AbortError("stopped before the end", { cause: context.signal.reason });
    throw new AbortError(`stopped; ${countText(count, "task")} may go on in Slurm`, {
      cause: context.signal.reason,
      hint: `Run the batch again to follow them, or end them: cosnet batch cancel ${shellWord(context.batchFolder)}`,
    });
  }
}

/** An answer of Slurm's commands, or undefined where there is none, which is told once for each silence. */
function createListener({ onWarning }: ExecutorContext): <T>(answer: Answer<T>) => T | undefined {
  let isSilent = false;
  return (answer) => {
    if (!isSilent && "unanswered" in answer)
      onWarning?.(`Slurm's controller does not answer; waiting (${answer.unanswered})`);
    isSilent = "unanswered" in answer;
    return "unanswered" in answer ? undefined : answer.answered;
  };
}

/**
 * Cancels all tasks of a batch, also while another process follows them. Tasks that have not begun do nothing even where Slurm cannot
 * be told.
 * @returns how many there were.
 * @throws ConfigError when Slurm's controller does not answer; FileError.
 */
export async function cancelSlurmTasks(batchFolder: string): Promise<number> {
  const submissions = await openSubmissions(batchFolder);
  if (submissions.length === 0) return 0;
  const listed = answered(await listTasks(submissions.map(({ jobName }) => jobName)));
  const alive = listed.filter((task) => !taskEnd(task));
  for (const submission of submissions) await withdrawSubmission(batchFolder, submission);
  const jobIds = [...new Set(alive.map(({ jobId }) => String(jobId)))];
  if (jobIds.length > 0) answered(await cancelJobs(jobIds));
  return alive.length;
}

function answered<T>(answer: Answer<T>): T {
  if ("answered" in answer) return answer.answered;
  throw new ConfigError(`Slurm's controller does not answer: ${answer.unanswered}`, {
    hint: "Run it again when it does.",
  });
}
