/** Runs units on Slurm as `cosnet batch` does, in a process that a test can kill: FOLDER, and what it is to do as JSON. */
import type { BatchUnit } from "../../src/jobs/batch/executors/executor.js";
import type { SlurmSettings } from "../../src/jobs/batch/executors/slurm/settings.js";
import { createSlurmExecutor } from "../../src/jobs/batch/executors/slurm/slurm-executor.js";
import { readUnitState } from "../../src/jobs/batch/state.js";

export interface FollowedWork {
  readonly units: readonly BatchUnit[];
  readonly program: readonly string[];
  readonly settings: SlurmSettings;
}

const [, , batchFolder = "", work = ""] = process.argv;
const { units, program, settings } = JSON.parse(work) as FollowedWork;
const states = await Promise.all(units.map(({ id }) => readUnitState(batchFolder, id)));
const left = units.filter((_, i) => states[i]?.status !== "done" && !states[i]?.recurs); // as a batch that goes on gives them
const tell = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);
const stop = new AbortController();
process.on("SIGINT", () => stop.abort());
const pace = { firstMilliseconds: 200, longestMilliseconds: 500, settleMilliseconds: 1000 };
try {
  await createSlurmExecutor(settings, pace).run(left, {
    batchFolder,
    program,
    signal: stop.signal,
    onStarted: ({ id }, where) => tell({ started: id, where }),
    onEnded: ({ unit, outcome, reason }) => tell({ ended: unit.id, outcome, reason }),
    onWarning: (warning) => tell({ warning }),
  });
  tell({ finished: true });
} catch (error) {
  tell({ error: error instanceof Error ? error.message : String(error), hint: (error as { hint?: string }).hint });
}
