import { expect, test } from "vitest";
import { isStuck, parseTasks, taskEnd, tellsOutOfMemory } from "./task-state.js";

/** As squeue 22.05 prints it, but for the greeting and the task that was held by hand. */
const LISTED = `Welcome to the cluster | all is well
7|2|PENDING||cosnet-0001-0a1b2c3d|JobArrayTaskLimit
7|1|RUNNING|n1|cosnet-0001-0a1b2c3d|None
7|0|FAILED|n2|cosnet-0001-0a1b2c3d|JobLaunchFailure
8|3|PENDING||cosnet-0002-0a1b2c3d|launch failed requeued held
9|N/A|RUNNING|n1|interactive|None
`;

test("what squeue lists", () => {
  const tasks = parseTasks(LISTED);
  expect(tasks.map(({ jobId, index, state, nodes }) => [jobId, index, state, nodes])).toEqual([
    [7, 2, "PENDING", ""],
    [7, 1, "RUNNING", "n1"],
    [7, 0, "FAILED", "n2"],
    [8, 3, "PENDING", ""],
  ]);
  expect(tasks.map((task) => taskEnd(task)?.text(task.reason))).toEqual([
    undefined,
    undefined,
    "its process was killed",
    undefined,
  ]);
  expect(tasks.map(isStuck)).toEqual([false, false, false, true]);
  expect(taskEnd(undefined)?.endedByItself).toBe(true);
});

test("memory that ran out is told from the log", () => {
  expect(
    tellsOutOfMemory(
      "slurmstepd-n1: error: StepId=2.batch exceeded memory limit (130326528 > 104857600), being killed",
    ),
  ).toBe(true);
  expect(tellsOutOfMemory("slurmstepd: error: Detected 1 oom-kill event(s) in StepId=12.batch.")).toBe(true);
  expect(tellsOutOfMemory("slurmstepd-n1: error: *** JOB 3 ON n1 CANCELLED AT 2026-11-29T11:40:06 ***")).toBe(false);
});
