/** Worker thread that aligns particles: a particle in, its alignment out. */
import { parentPort, workerData } from "node:worker_threads";
import type { Subtomogram } from "../../infer/index.js";
import { createEngine, type EngineSetup } from "./engine.js";

const engine = createEngine(workerData as EngineSetup);

parentPort?.on("message", async (particle: Subtomogram) => {
  try {
    parentPort?.postMessage({ alignment: await (await engine).align(particle) });
  } catch (error) {
    parentPort?.postMessage({ error });
  }
});
