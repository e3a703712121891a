/** Batches rendered beside the thread that learns from them. */
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

/** What batches are drawn from. */
export interface BatchSources {
  readonly options: BatchOptions;
  readonly structures: readonly Complex[];
  /** Simulated tomograms from which `classes` more classes of each batch are cut. */
  readonly specimens?: { readonly specimens: readonly TrainingSpecimen[]; readonly classes: number } | undefined;
}

/** Batch n is a function of the seed, n and the sources alone. */
export function drawBatches({ options, structures, specimens }: BatchSources): (index: number) => Batch {
  const draw = createBatchSource(options, structures);
  if (!specimens || specimens.classes === 0) return draw;
  const { seed, shots, imaging } = options;
  const edge = imaging.boxSize ?? defaultImaging.boxSize;
  const cut = createSpecimenBatches({ seed, classes: specimens.classes, shots, edge }, specimens.specimens);
  return (index) => joinBatches(draw(index), cut(index), { views: 1 + shots, voxels: edge ** 3 });
}

/** Makes batches one after the other, in the order in which they are asked for; `await using` it. */
export interface BatchMaker extends AsyncDisposable {
  make(index: number): Promise<Batch>;
  /** Whether they are made meanwhile, so that it pays to ask for the next ones early. */
  readonly isBeside: boolean;
}

/**
 * Renders batches in a worker thread, or in this thread when the compiled worker is not there (as when the sources run
 * uncompiled, in tests). Either way the same batches come out.
 */
export function createBatchMaker(sources: BatchSources): BatchMaker {
  if (import.meta.url.endsWith(".ts")) {
    const draw = drawBatches(sources);
    return { isBeside: false, make: async (index) => draw(index), [Symbol.asyncDispose]: async () => {} };
  }
  const worker = new Worker(new URL("./batch-worker.js", import.meta.url), { workerData: sources });
  const waiting: Waiting[] = [];
  let failure: Error | undefined;
  worker.on("message", ({ batch }: { batch: Batch }) => waiting.shift()?.resolve(batch));
  worker.on("error", (error) => {
    failure = error;
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  return {
    isBeside: true,
    make(index) {
      if (failure) return Promise.reject(failure);
      const made = new Promise<Batch>((resolve, reject) => waiting.push({ resolve, reject }));
      made.catch(() => {}); // whoever waits for it hears of it; it may be asked for early and not be needed
      worker.postMessage(index);
      return made;
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}

/** Who asked for a batch. */
interface Waiting {
  resolve(batch: Batch): void;
  reject(error: Error): void;
}
