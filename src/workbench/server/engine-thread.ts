/** The engine in a thread of its own: ONNX Runtime holds up the thread that it runs in, and the server has to answer meanwhile. */
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { EngineOptions } from "../engine/index.js";
import {
  type EngineClient,
  type EngineEvent,
  engineOverPort,
  errorOf,
  type Port,
  type WorkbenchFailure,
} from "../protocol/index.js";

export type ThreadOptions = Omit<EngineOptions, "onEvent">;

/** An engine wherever it runs; `await using` it, so that its project can be opened again. */
export interface RunningEngine extends Omit<EngineClient, "addFile" | "reportAddress">, AsyncDisposable {
  /** Rejects when the engine has come to an end that it should not come to. */
  readonly ended: Promise<never>;
}

/** What the thread begins with. */
export interface ThreadStart {
  readonly options: ThreadOptions;
  readonly port: MessagePort;
}

/** What the thread says of itself. */
export type ThreadReport = { readonly type: "open" } | { readonly type: "failed"; readonly failure: WorkbenchFailure };

/**
 * Opens the engine in a thread, or in this one where the compiled thread is not there (as when the sources run uncompiled, in tests).
 * @throws as `openEngine`
 */
export async function startEngine(options: ThreadOptions): Promise<RunningEngine> {
  return import.meta.url.endsWith(".ts") ? inThisThread(options) : inOwnThread(options);
}

async function inOwnThread(options: ThreadOptions): Promise<RunningEngine> {
  const { port1, port2 } = new MessageChannel();
  const workerData: ThreadStart = { options, port: port2 };
  const worker = new Worker(new URL("./engine-worker.js", import.meta.url), { workerData, transferList: [port2] });
  const ended = new Promise<never>((_, reject) => {
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`the engine of the workbench ended with code ${code}`)));
  });
  ended.catch(() => {}); // whoever waits for it hears of it
  const report = await Promise.race([reported(worker), ended]);
  if (report.type === "failed") {
    await worker.terminate();
    throw errorOf(report.failure);
  }
  return {
    ...engineOverPort(overNode(port1)),
    ended,
    async [Symbol.asyncDispose]() {
      const exited = new Promise((resolve) => worker.once("exit", resolve));
      worker.postMessage("close");
      await Promise.race([exited, ended.catch(() => {})]);
    },
  };
}

async function inThisThread(options: ThreadOptions): Promise<RunningEngine> {
  const { openEngine } = await import("../engine/index.js");
  const listeners = new Set<(event: EngineEvent) => void>();
  const onEvent = (event: EngineEvent) => {
    for (const listener of listeners) listener(event);
  };
  const engine = await openEngine({ ...options, onEvent });
  return Object.assign(engine, {
    ended: new Promise<never>(() => {}),
    subscribe(listener: (event: EngineEvent) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
}

function reported(worker: Worker): Promise<ThreadReport> {
  return new Promise((resolve) => worker.once("message", resolve));
}

export function overNode(port: MessagePort): Port {
  return {
    send: (message, handedOver = []) => port.postMessage(message, [...handedOver]),
    receive: (take) => port.on("message", take),
  };
}
