/** Comparisons of boxes with their neighbours over several threads: each turns boxes of its own, on one core. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { ModelError, throwIfAborted } from "../../../errors.js";
import { type CompareNeighboursOptions, type NeighbourBoxes, SPECTRUM_LENGTH } from "../../../infer/index.js";

/** What a thread begins with; the arrays are shared. */
export interface TurningSetup extends NeighbourBoxes {
  readonly tiltDegrees: number | undefined;
}

/** Boxes whose comparisons it is asked for, first and last but one. */
export type TurningPart = readonly [from: number, to: number];

/** The correlations of a part, or why there are none. */
export type TurningAnswer = Float32Array | { readonly failure: string };

/** Boxes of a part: a quarter of a second's work. */
const PART = 50;

/** As `compareNeighbours`, whose numbers they are with any number of threads. @throws ModelError, AbortError. */
export async function compareInThreads(
  { spectra, others, indices }: NeighbourBoxes,
  { tiltDegrees, threads = 1, onProgress, signal }: CompareNeighboursOptions,
): Promise<Float32Array> {
  const shared = sharedFloats(spectra);
  const setup: TurningSetup = {
    ...{ tiltDegrees, indices, spectra: shared },
    others: others === spectra ? shared : sharedFloats(others),
  };
  const count = spectra.length / SPECTRUM_LENGTH;
  const neighbours = indices.length / count;
  const result = new Float32Array(indices.length);
  let [next, done] = [0, 0];
  const workers = Array.from({ length: Math.min(threads, Math.ceil(count / PART)) }, () => createWorker(setup));
  const work = async (worker: Worker) => {
    while (next < count) {
      throwIfAborted(signal);
      const from = next;
      next = Math.min(count, from + PART);
      const part: TurningPart = [from, next];
      worker.postMessage(part);
      const [answer] = (await once(worker, "message")) as [TurningAnswer];
      if ("failure" in answer) throw new ModelError(answer.failure);
      result.set(answer, from * neighbours);
      done += answer.length / neighbours;
      onProgress?.(done, count);
    }
  };
  try {
    onProgress?.(0, count);
    await Promise.all(workers.map(work));
    return result;
  } finally {
    for (const worker of workers) await worker.terminate();
  }
}

function createWorker(workerData: TurningSetup): Worker {
  // Node's flags of the program that uses this, such as --input-type, are not for the worker.
  return new Worker(new URL("./turning-worker.js", import.meta.url), { workerData, execArgv: [] });
}

function sharedFloats(values: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
