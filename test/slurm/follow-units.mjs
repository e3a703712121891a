// Runs units on Slurm as `cosnet batch` does, in a process that a test can kill: DIST (where the program is built), FOLDER, and what
// it is to do as JSON.
import { join } from "node:path";

const [, , dist = "", batchFolder = "", work = ""] = process.argv;
const { createSlurmExecutor } = await import(join(dist, "jobs/batch/executors/slurm/slurm-executor.js"));
const { readUnitState } = await import(join(dist, "jobs/batch/state.js"));
const { units, program, settings } = JSON.parse(work);
const states = await Promise.all(units.map(({ id }) => readUnitState(batchFolder, id)));
const left = units.filter((_, i) => states[i]?.status !== "done" && !states[i]?.recurs); // as a batch that goes on gives them
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
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
  tell({ error: error.message, hint: error.hint });
}
