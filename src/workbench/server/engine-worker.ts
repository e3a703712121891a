/** Thread of the engine: calls come and go through a port of their own, until the parent says "close". */
import { parentPort, workerData } from "node:worker_threads";
import { openEngine } from "../engine/index.js";
import { type EngineEvent, failureOf, servePort } from "../protocol/index.js";
import { overNode, type ThreadReport, type ThreadStart } from "./engine-thread.js";

const { options, port } = workerData as ThreadStart;
const report = (message: ThreadReport) => parentPort?.postMessage(message);

try {
  let emit: (event: EngineEvent) => void = () => {};
  const engine = await openEngine({ ...options, onEvent: (event) => emit(event) });
  emit = servePort(overNode(port), engine);
  parentPort?.once("message", async () => {
    await engine[Symbol.asyncDispose]();
    port.close();
    process.exit();
  });
  report({ type: "open" });
} catch (error) {
  report({ type: "failed", failure: failureOf(error) });
}
