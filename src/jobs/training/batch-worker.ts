/** Worker thread that makes training batches: number in, batch out. */
import { parentPort, workerData } from "node:worker_threads";
import { type BatchSources, drawBatches } from "./batch-maker.js";

const draw = drawBatches(workerData as BatchSources);

parentPort?.on("message", (index: number) => {
  const batch = draw(index);
  parentPort?.postMessage({ batch }, [batch.volumes.buffer as ArrayBuffer, batch.masks.buffer as ArrayBuffer]);
});
