/** What Slurm says of tasks, as squeue lists them. */

/** One task of a job array. */
export interface ListedTask {
  readonly jobId: number;
  readonly index: number;
  /** Such as "RUNNING", in Slurm's words. */
  readonly state: string;
  /** Where it runs or ran; empty while it waits. */
  readonly nodes: string;
  readonly jobName: string;
  /** Why it waits, or how it ended; "None" where there is nothing to say. */
  readonly reason: string;
}

/** What `squeue --array` is to print: reasons, which may be any text, come last. */
export const TASK_FORMAT = "%F|%K|%T|%N|%j|%r";

/** @param text what squeue prints in `TASK_FORMAT`; lines of another form, such as a site's greeting, are left out. */
export function parseTasks(text: string): ListedTask[] {
  return text.split("\n").flatMap((line) => {
    const [, jobId, index, state, nodes, jobName, reason] =
      /^\s*(\d+)\|(\d+)\|([A-Z_]+)\|([^|]*)\|([^|]*)\|(.*)$/.exec(line) ?? [];
    if (jobId === undefined || index === undefined || state === undefined) return [];
    return [
      {
        jobId: Number(jobId),
        index: Number(index),
        state,
        nodes: nodes ?? "",
        jobName: jobName ?? "",
        reason: reason ?? "",
      },
    ];
  });
}

/** How a task ended. */
export interface TaskEnd {
  /** For people; Slurm's reason says more of tasks that failed. */
  readonly text: (reason: string) => string;
  /** Whether what the unit has written last may be on its way yet: its process ended by itself. */
  readonly endedByItself: boolean;
}

const stopped = (text: string): TaskEnd => ({ text: () => text, endedByItself: false });

/** The states in which nothing of a task runs any more, nor will. */
const ENDS: Readonly<Record<string, TaskEnd>> = {
  COMPLETED: { text: () => "its task ended, and left no result", endedByItself: true },
  FAILED: { text: failureText, endedByItself: true },
  OUT_OF_MEMORY: stopped("out of memory"),
  TIMEOUT: stopped("the time limit was reached"),
  DEADLINE: stopped("the deadline was reached"),
  CANCELLED: stopped("its task was cancelled"),
  PREEMPTED: stopped("its task was preempted"),
  NODE_FAIL: stopped("its node failed"),
  BOOT_FAIL: stopped("its node did not boot"),
  REVOKED: stopped("its task went to another cluster"),
};

/** Slurm 22.05 calls it a failure to launch when a signal ends a process that has long been running, such as that of the kernel. */
function failureText(reason: string): string {
  if (/^(JobLaunchFailure|RaisedSignal)/.test(reason)) return "its process was killed";
  return `its task failed (${reason})`;
}

/**
 * Slurm forgets tasks some minutes after their end, and those of an array that are cancelled while they wait at once: they are
 * never listed as cancelled.
 */
const FORGOTTEN: TaskEnd = {
  text: () => "Slurm no longer knows its task, as when one is cancelled that waits",
  endedByItself: true,
};

/** Undefined for a task that runs or waits. @param task undefined where it is not listed. */
export function taskEnd(task: ListedTask | undefined): TaskEnd | undefined {
  return task === undefined ? FORGOTTEN : ENDS[task.state];
}

/**
 * Slurm gives a task up without ending it where its node could not start it: it waits, held, until somebody releases it. Seen as
 * "launch failed requeued held" and "JobHoldMaxRequeue".
 */
export function isStuck(task: ListedTask): boolean {
  return (
    task.state === "SPECIAL_EXIT" || /requeued held|JobHoldMaxRequeue|launch_failed_requeued_held/i.test(task.reason)
  );
}

/** Whether memory ran out, as slurmstepd (by a control group or by itself), Node.js or cosnet say in a task's output. */
export function tellsOutOfMemory(log: string): boolean {
  return /oom[-_ ]kill|exceeded (job |step )?memory limit|out of memory|not enough memory/i.test(log);
}
