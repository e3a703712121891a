// Runs a batch on Slurm as `cosnet batch run` does, in a process that a test can kill, and asks Slurm more often than that does:
// DIST (where the program is built), and the options of `runBatch` as JSON, with `settings` of Slurm in place of an executor.
import { join } from "node:path";

const [, , dist = "", work = ""] = process.argv;
const { runBatch } = await import(join(dist, "jobs/batch/run-batch.js"));
const { createSlurmExecutor } = await import(join(dist, "jobs/batch/executors/slurm/slurm-executor.js"));
const { settings, ...options } = JSON.parse(work);
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const pace = { firstMilliseconds: 200, longestMilliseconds: 500, settleMilliseconds: 1000 };
const { gathered, failures } = await runBatch({
  ...options,
  executor: createSlurmExecutor(settings, pace),
  onWarning: (warning) => tell({ warning }),
});
tell({ gathered, failures });
