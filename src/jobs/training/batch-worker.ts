/** Worker thread that makes training batches: step number in, batch out. */
import { parentPort, workerData } from "node:worker_threads";
import { type BatchSources, drawBatches } from "./batch-stream.js";

const draw = drawBatches(workerData as BatchSources);

parentPort?.on("message", (step: number) => {
  const batch = draw(step);
  parentPort?.postMessage({ step, batch }, [batch.volumes.buffer as ArrayBuffer, batch.masks.buffer as ArrayBuffer]);
});
