/** Worker thread that renders training batches: step number in, batch out. */
import { parentPort, workerData } from "node:worker_threads";
import type { Complex } from "../simulate/index.js";
import { type BatchOptions, createBatchSource } from "../train/index.js";

const { options, structures } = workerData as { options: BatchOptions; structures: readonly Complex[] };
const draw = createBatchSource(options, structures);

parentPort!.on("message", (step: number) => {
  const batch = draw(step);
  parentPort!.postMessage({ step, batch }, [batch.volumes.buffer as ArrayBuffer, batch.masks.buffer as ArrayBuffer]);
});
