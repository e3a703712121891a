/** Process of a worker that `startLocalWorkers` starts: folder and threads as arguments. */
import { workForTraining } from "./work.js";

const [folder, threads] = process.argv.slice(2) as [string, string];
const controller = new AbortController();
process.on("disconnect", () => controller.abort());
// Ctrl-C reaches all processes of the terminal: the training finishes its step and then tells the workers.
process.on("SIGINT", () => {});

try {
  await workForTraining({ folder, threads: threads === "" ? undefined : Number(threads), signal: controller.signal });
} catch (error) {
  if (!controller.signal.aborted) {
    process.stderr.write(`${(error as Error).message}\n`); // the training has been told
    process.exitCode = 1;
  }
}
if (process.connected) process.disconnect();
