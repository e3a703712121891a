/** Worker thread that images tomograms: job in, a sign when it is done. All results are in shared memory or in files. */
import { parentPort } from "node:worker_threads";
import { FileError } from "../../errors.js";
import { runTomogramJob, type TomogramJob } from "./imaging-parts.js";
import type { WorkerAnswer } from "./imaging-workers.js";

parentPort?.on("message", async (job: TomogramJob) => {
  parentPort?.postMessage(await answer(job));
});

/** Errors lose their class on the way to another thread; those that a user can cause here are told in words. */
async function answer(job: TomogramJob): Promise<WorkerAnswer> {
  try {
    await runTomogramJob(job);
    return {};
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { failure: { reason: error.reason, path: error.path } };
  }
}
