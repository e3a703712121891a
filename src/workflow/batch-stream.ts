import { Worker } from "node:worker_threads";
import type { Complex } from "../simulate/index.js";
import { type Batch, type BatchOptions, createBatchSource } from "../train/index.js";

/** Batches in order of step, rendered ahead of time. */
export interface BatchStream {
  next(): Promise<Batch>;
  close(): Promise<void>;
}

/** Batches waiting or being rendered beyond the one in use. */
const AHEAD = 2;

/**
 * Renders batches from `firstStep` on in a worker thread, or in this thread when the compiled worker is not there (as when
 * the sources run uncompiled, in tests). Either way the same batches come out.
 */
export function createBatchStream(
  options: BatchOptions,
  structures: readonly Complex[],
  firstStep: number,
): BatchStream {
  if (import.meta.url.endsWith(".ts")) {
    const draw = createBatchSource(options, structures);
    let step = firstStep;
    return { next: async () => draw(step++), close: async () => {} };
  }
  const worker = new Worker(new URL("./batch-worker.js", import.meta.url), { workerData: { options, structures } });
  const ready: Batch[] = [];
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  let requested = firstStep;
  worker.on("message", ({ batch }: { batch: Batch }) => {
    ready.push(batch);
    wake?.();
  });
  worker.on("error", (error) => {
    failure = error;
    wake?.();
  });
  for (let i = 0; i < AHEAD; i++) worker.postMessage(requested++);
  return {
    async next() {
      while (ready.length === 0 && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (failure !== undefined) throw failure;
      worker.postMessage(requested++);
      return ready.shift()!;
    },
    async close() {
      await worker.terminate();
    },
  };
}
