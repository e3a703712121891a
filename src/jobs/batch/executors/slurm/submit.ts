/** From units that wait to job arrays, within what the cluster and the user allow. */
import { ConfigError } from "../../../../errors.js";
import { changeThrottle, submitScript } from "./controller.js";
import type { Attempt, JobArray, SlurmRun } from "./run.js";
import { saysMemory } from "./settings.js";
import { noteSubmission, prepareSubmission, type Submission, scriptPath, withdrawSubmission } from "./submissions.js";

/**
 * Submits units of `run.waiting`, as many as may be.
 * @throws ConfigError when Slurm refuses what is asked for; FileError.
 */
export async function submitWaiting(run: SlurmRun): Promise<void> {
  for (let free = await freeSlots(run); run.waiting.size > 0 && free > 0 && !run.isFull; free = await freeSlots(run)) {
    const attempts = nextArray(run);
    const submission = await prepared(run, attempts, free);
    const answer = await submitScript(scriptPath(run.context.batchFolder, submission.jobName));
    if (answer.kind === "submitted" || answer.kind === "unanswered") {
      const submitted = answer.kind === "submitted" ? { ...submission, jobId: answer.jobId } : submission;
      await noteSubmission(run.context.batchFolder, submitted);
      run.arrays.push(jobArray(submitted, attempts));
      for (const attempt of attempts) run.waiting.delete(attempt);
      if (answer.kind === "unanswered") return; // nor will it answer to the next
      continue;
    }
    await withdrawSubmission(run.context.batchFolder, submission);
    if (answer.kind === "refused") refuse(run, attempts, answer.text);
    else if (attempts.length > 1) run.arraySize = Math.ceil(attempts.length / 2);
    else run.isFull = true;
    if (run.isFull) run.warnOnce("Slurm takes no more tasks for now; the others wait until it does");
  }
}

/** @param attempts those of the submission's units that are to be followed; undefined for others. */
export function jobArray(submission: Submission, attempts: readonly (Attempt | undefined)[]): JobArray {
  const tasks = attempts.flatMap((attempt, index) => (attempt ? [[index, { ...attempt }] as const] : []));
  return { submission, tasks: new Map(tasks) };
}

/** How many more tasks may be submitted. Slots that an array no longer fills go to those that have tasks waiting. */
async function freeSlots({ settings: { maximumRunning }, arrays, context }: SlurmRun): Promise<number> {
  if (maximumRunning === undefined) return Number.POSITIVE_INFINITY;
  const slotsOf = ({ submission, tasks }: JobArray) => Math.min(submission.throttle ?? tasks.size, tasks.size);
  let free = maximumRunning - arrays.reduce((sum, array) => sum + slotsOf(array), 0);
  for (const array of arrays) {
    const { submission, tasks } = array;
    const more = Math.min(free, tasks.size - slotsOf(array));
    if (more <= 0 || submission.jobId === undefined) continue;
    const throttle = slotsOf(array) + more;
    if (!(await changeThrottle(submission.jobId, throttle))) continue; // again with the next look at the tasks
    array.submission = { ...submission, throttle };
    await noteSubmission(context.batchFolder, array.submission);
    free -= more;
  }
  return free;
}

/** The first unit that waits, and those that can be in one array with it. */
function nextArray({ waiting, arraySize }: SlurmRun): Attempt[] {
  const kindOf = ({ unit }: Attempt) => `${unit.memoryBytes} ${unit.threads}`;
  const [first] = waiting;
  return [...waiting].filter((attempt) => first && kindOf(attempt) === kindOf(first)).slice(0, arraySize);
}

function prepared(run: SlurmRun, attempts: readonly Attempt[], free: number): Promise<Submission> {
  const { settings, context, siteOptions } = run;
  const [first] = attempts;
  const { threads = 1, memoryBytes = 0 } = first?.unit ?? {};
  return prepareSubmission(
    context.batchFolder,
    {
      units: attempts.map(({ unit }) => unit),
      program: context.program,
      threads,
      memory: saysMemory(settings) ? undefined : `${Math.ceil(memoryBytes / 2 ** 20)}M`,
      throttle: settings.maximumRunning === undefined ? undefined : Math.min(free, attempts.length),
      siteOptions,
      setup: settings.setup ?? [],
      workingFolder: process.cwd(),
    },
    attempts.map(({ number, unit }) => ({ number, memoryBytes: unit.memoryBytes })),
  );
}

/** What is refused at first is wrong for all; what is refused later asks for more memory than any node has. */
function refuse({ waiting, context }: SlurmRun, attempts: readonly Attempt[], text: string): void {
  if (attempts.some(({ number }) => number === 1))
    throw new ConfigError(`Slurm refuses the tasks: ${text}`, {
      hint: "See sinfo for the partitions, and man sbatch for the options; the script lies in the batch's folder, slurm/.",
    });
  for (const attempt of attempts) {
    const { unit, number } = attempt;
    waiting.delete(attempt);
    context.onEnded({ unit, outcome: "failed", reason: `Slurm refuses attempt ${number}: ${text}` });
  }
}
