/** An engine in a worker of the page. */
import { type EngineClient, engineOverPort } from "../../protocol/index.js";

export function connectToWorker(worker: Worker): EngineClient {
  return engineOverPort({
    send: (message, handedOver = []) => worker.postMessage(message, [...handedOver]),
    receive: (take) => worker.addEventListener("message", ({ data }) => take(data)),
  });
}
