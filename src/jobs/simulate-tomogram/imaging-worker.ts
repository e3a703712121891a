/** Worker thread that images tomograms: job in, a sign when it is done. All results are in shared memory. */
import { parentPort } from "node:worker_threads";
import { runTomogramJob, type TomogramJob } from "./imaging-parts.js";

parentPort?.on("message", (job: TomogramJob) => {
  runTomogramJob(job);
  parentPort?.postMessage("done");
});
