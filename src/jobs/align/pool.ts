import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Alignment, Subtomogram } from "../../infer/index.js";
import { type AlignEngine, createEngine, type EngineSetup } from "./engine.js";

/** Several engines; `await using` it. */
export interface AlignPool extends AsyncDisposable {
  readonly engines: readonly AlignEngine[];
}

/** One engine a thread; with one thread, or with sources that are not compiled, as in tests, one in this thread. @throws ModelError. */
export async function createAlignPool(setup: EngineSetup, threads: number): Promise<AlignPool> {
  const isCompiled = !import.meta.url.endsWith(".ts");
  const engines =
    isCompiled && threads > 1
      ? Array.from({ length: threads }, () => workerEngine(setup))
      : [await createEngine(setup)];
  return {
    engines,
    async [Symbol.asyncDispose]() {
      for (const engine of engines) await engine[Symbol.asyncDispose]();
    },
  };
}

function workerEngine(setup: EngineSetup): AlignEngine {
  const worker = new Worker(new URL("./align-worker.js", import.meta.url), { workerData: setup });
  worker.unref(); // an idle pool must not keep the process alive
  return {
    async align(particle: Subtomogram) {
      worker.ref();
      worker.postMessage(particle);
      const [{ alignment, error }] = (await once(worker, "message")) as [{ alignment: Alignment; error?: unknown }];
      worker.unref();
      if (error !== undefined) throw error;
      return alignment;
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}
