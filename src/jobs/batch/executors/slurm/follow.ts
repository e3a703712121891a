/** What has become of the tasks that were submitted. */
import { join } from "node:path";
import { readFileEnd } from "../../../../files/disk/index.js";
import { readUnitState } from "../../state.js";
import type { UnitEnd } from "../executor.js";
import { cancelJobs } from "./controller.js";
import type { JobArray, SlurmRun, Task } from "./run.js";
import { isWithdrawn, logFolderOf, noteSubmission, withdrawSubmission } from "./submissions.js";
import { isStuck, type ListedTask, type TaskEnd, taskEnd, tellsOutOfMemory } from "./task-state.js";

const DEFAULT_RETRIES = 3;
/** A unit that ran out of memory is given this much more. */
const MEMORY_GROWTH = 1.5;
/** Why tasks wait on any cluster that is busy. */
const ORDINARY_REASONS: ReadonlySet<string> = new Set([
  ...["None", "Priority", "Resources", "JobArrayTaskLimit", "BeginTime", "Cleaning", "Prolog"],
]);
/** The end of a log, in which Slurm says why it ended the task. */
const LOG_BYTES = 16_384;

/**
 * Looks at every task that is followed. What a unit has done is said by its own state; what Slurm says tells only whether its process
 * is no more, and why. @param listed all tasks that Slurm knows. @throws FileError
 */
export async function follow(run: SlurmRun, listed: readonly ListedTask[]): Promise<void> {
  for (const array of [...run.arrays]) {
    const jobId = array.submission.jobId ?? listed.find(({ jobName }) => jobName === array.submission.jobName)?.jobId;
    if (jobId === undefined) {
      await submitAgain(run, array);
      continue;
    }
    if (jobId !== array.submission.jobId) {
      array.submission = { ...array.submission, jobId };
      await noteSubmission(run.context.batchFolder, array.submission);
    }
    const byIndex = new Map(listed.filter((task) => task.jobId === jobId).map((task) => [task.index, task]));
    for (const [index, task] of array.tasks) await look(run, array, index, task, byIndex.get(index));
    if (array.tasks.size === 0) await leave(run, array);
  }
}

/** Slurm has not heard of a submission to which it had not answered. Should it arrive yet, its tasks end at once. */
async function submitAgain(run: SlurmRun, array: JobArray): Promise<void> {
  await withdrawSubmission(run.context.batchFolder, array.submission);
  run.arrays.splice(run.arrays.indexOf(array), 1);
  for (const task of array.tasks.values()) run.waiting.add(task);
}

async function leave(run: SlurmRun, array: JobArray): Promise<void> {
  if (!(await isWithdrawn(run.context.batchFolder, array.submission)))
    await noteSubmission(run.context.batchFolder, { ...array.submission, hasEnded: true });
  run.arrays.splice(run.arrays.indexOf(array), 1);
}

async function look(
  run: SlurmRun,
  array: JobArray,
  index: number,
  task: Task,
  listed: ListedTask | undefined,
): Promise<void> {
  const { context } = run;
  const name = `${array.submission.jobId}_${index}`;
  const end = taskEnd(listed);
  if (!end) {
    if (listed?.state === "RUNNING") tellStart(run, task, `${listed.nodes}, job ${name}`);
    else if (listed && isStuck(listed))
      await cancelJobs([name]); // and it is submitted again as one that was cancelled
    else if (listed?.state === "PENDING" && !ORDINARY_REASONS.has(listed.reason))
      run.warnOnce(`tasks wait: ${listed.reason} (Slurm's reason for job ${name})`);
    return;
  }
  const unitEnd = await endOf(run, array, task, end, listed, name);
  if (unitEnd === "wait") return;
  array.tasks.delete(index);
  if ("outcome" in unitEnd) {
    run.isCancelled ||= unitEnd.outcome === "cancelled";
    context.onEnded(unitEnd);
  } else run.waiting.add(unitEnd);
}

function tellStart({ context }: SlurmRun, task: Task, where: string): void {
  if (task.where === where) return;
  task.where = where;
  context.onStarted(task.unit, where);
}

/** What is told of a unit whose task is no more, or its next attempt; "wait" while its files may be on their way. */
async function endOf(
  run: SlurmRun,
  array: JobArray,
  task: Task,
  end: TaskEnd,
  listed: ListedTask | undefined,
  name: string,
): Promise<UnitEnd | Task | "wait"> {
  const { settings, context, settleMilliseconds } = run;
  const { unit, number } = task;
  const state = await readUnitState(context.batchFolder, unit.id);
  if (state?.status === "done") return { unit, outcome: "ended" };
  if (state?.status === "failed" && state.recurs) return { unit, outcome: "failed" };
  task.endedAt ??= performance.now();
  if (end.endedByItself && performance.now() - task.endedAt < settleMilliseconds) return "wait";
  if (await isWithdrawn(context.batchFolder, array.submission))
    return { unit, outcome: "cancelled", reason: "its task was cancelled with the batch" };

  const log = join(logFolderOf(context.batchFolder), `${name}.log`);
  const isOutOfMemory = listed?.state === "OUT_OF_MEMORY" || tellsOutOfMemory(await readFileEnd(log, LOG_BYTES));
  const reason = isOutOfMemory ? "out of memory" : end.text(listed?.reason ?? "");
  if (number > (settings.retries ?? DEFAULT_RETRIES))
    return { unit, outcome: "failed", reason: `${reason}, at attempt ${number}; see ${log}` };
  context.onWarning?.(`${unit.id}: ${reason} (job ${name}); it is submitted again`);
  const memoryBytes = unit.memoryBytes * (isOutOfMemory ? MEMORY_GROWTH : 1);
  return { unit: { ...unit, memoryBytes }, number: number + 1 };
}
