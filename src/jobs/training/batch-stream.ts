import type { Batch } from "../../train/index.js";
import { type BatchSources, createBatchMaker } from "./batch-maker.js";

/** Batches in order of step, rendered ahead of time; `await using` it. */
export interface BatchStream extends AsyncDisposable {
  next(): Promise<Batch>;
}

/** Batches waiting or being rendered beyond the one in use. */
const AHEAD = 2;

/** The batches from `firstStep` on. */
export function createBatchStream(sources: BatchSources, firstStep: number): BatchStream {
  const maker = createBatchMaker(sources);
  const ahead = maker.isBeside ? AHEAD : 0;
  const coming: Promise<Batch>[] = [];
  let step = firstStep;
  const askFor = (count: number): void => {
    while (coming.length < count) coming.push(maker.make(step++));
  };
  askFor(ahead);
  return {
    next() {
      askFor(ahead + 1);
      return coming.shift()!; // one has just been asked for
    },
    [Symbol.asyncDispose]: () => maker[Symbol.asyncDispose](),
  };
}
