import { Worker } from "node:worker_threads";
import { type Complex, defaultImaging } from "../../simulate/index.js";
import {
  type Batch,
  type BatchOptions,
  createBatchSource,
  createSpecimenBatches,
  joinBatches,
  type TrainingSpecimen,
} from "../../train/index.js";

/** Batches in order of step, rendered ahead of time; `await using` it. */
export interface BatchStream extends AsyncDisposable {
  next(): Promise<Batch>;
}

/** What batches are drawn from. */
export interface BatchSources {
  readonly options: BatchOptions;
  readonly structures: readonly Complex[];
  /** Simulated tomograms from which `classes` more classes of each batch are cut. */
  readonly specimens?: { readonly specimens: readonly TrainingSpecimen[]; readonly classes: number } | undefined;
}

/** The batch of each step: a function of the seed, the step and the sources alone. */
export function drawBatches({ options, structures, specimens }: BatchSources): (step: number) => Batch {
  const draw = createBatchSource(options, structures);
  if (!specimens || specimens.classes === 0) return draw;
  const { seed, shots, imaging } = options;
  const edge = imaging.boxSize ?? defaultImaging.boxSize;
  const cut = createSpecimenBatches({ seed, classes: specimens.classes, shots, edge }, specimens.specimens);
  return (step) => joinBatches(draw(step), cut(step), { views: 1 + shots, voxels: edge ** 3 });
}

/** Batches waiting or being rendered beyond the one in use. */
const AHEAD = 2;

/**
 * Renders batches from `firstStep` on in a worker thread, or in this thread when the compiled worker is not there (as when
 * the sources run uncompiled, in tests). Either way the same batches come out.
 */
export function createBatchStream(sources: BatchSources, firstStep: number): BatchStream {
  if (import.meta.url.endsWith(".ts")) {
    const draw = drawBatches(sources);
    let step = firstStep;
    return { next: async () => draw(step++), [Symbol.asyncDispose]: async () => {} };
  }
  const worker = new Worker(new URL("./batch-worker.js", import.meta.url), { workerData: sources });
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
      for (;;) {
        if (failure !== undefined) throw failure;
        const batch = ready.shift();
        if (batch !== undefined) {
          worker.postMessage(requested++);
          return batch;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}
