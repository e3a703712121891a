/** Worker thread that compares boxes with their neighbours: the numbers of boxes in, their correlations out. */
import { parentPort, workerData } from "node:worker_threads";
import { nodeRuntime } from "../../../files/model/index.js";
import { createNeighbourComparer } from "../../../infer/index.js";
import type { TurningAnswer, TurningPart, TurningSetup } from "./turning-threads.js";

const { tiltDegrees, ...boxes } = workerData as TurningSetup;
const comparer = createNeighbourComparer(nodeRuntime, boxes, { tiltDegrees, threads: 1 });

parentPort?.on("message", async ([from, to]: TurningPart) => {
  parentPort?.postMessage(await answer(from, to));
});

/** Errors lose their class on the way to another thread. */
async function answer(from: number, to: number): Promise<TurningAnswer> {
  try {
    return await (await comparer).compare(from, to);
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
