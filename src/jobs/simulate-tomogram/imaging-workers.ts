import { Worker } from "node:worker_threads";
import { AbortError } from "../../errors.js";
import { breathe, type Progress, throwIfAborted } from "../../progress.js";
import {
  checkReconstruct,
  type ImagingEngine,
  type NoiseOptions,
  type ReconstructOptions,
  type RowRange,
  type TiltPlan,
  type TiltSeries,
} from "../../simulate/index.js";
import type { Volume } from "../../volume/index.js";
import { runTomogramJob, type TomogramJob } from "./imaging-parts.js";

/** Rows or images of one job: enough to pay for its tables, few enough that the threads end together. */
const ROWS_PER_JOB = 12;
const TILTS_PER_JOB = 4;

/** Zeros that all threads see. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

/** Imaging and reconstruction over several threads; the bytes that come out do not depend on their number. */
export interface TomogramWorkers extends ImagingEngine, AsyncDisposable {
  /** The noise-free images of a density in kilodalton per voxel. Memory that is not shared is copied first. */
  simulateTiltSeries(density: Volume, plan: TiltPlan): Promise<TiltSeries>;
  noiseSeries(series: TiltSeries, options: NoiseOptions): Promise<TiltSeries>;
  reconstruct(
    series: TiltSeries,
    options: Partial<ReconstructOptions> & { readonly nz: number; readonly into?: Float32Array },
  ): Promise<Volume>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts `threads` worker threads; one thread means this one, which then stops for signals between jobs, and so does
 * running the sources uncompiled, as in tests.
 */
export function createTomogramWorkers({
  threads,
  onProgress,
  signal,
}: Progress & { readonly threads: number }): TomogramWorkers {
  const compiled = !import.meta.url.endsWith(".ts");
  const workers = Array.from(
    { length: compiled && threads > 1 ? threads : 0 },
    () => new Worker(new URL("./imaging-worker.js", import.meta.url)),
  );
  for (const worker of workers) worker.unref(); // an idle pool must not keep the process alive

  async function runAll(stage: string, jobs: readonly TomogramJob[]): Promise<void> {
    throwIfAborted(signal);
    onProgress?.({ stage, done: 0, total: jobs.length });
    const finished = (done: number) => onProgress?.({ stage, done, total: jobs.length });
    if (workers.length > 0) return runInWorkers(workers, jobs, finished, signal);
    for (const [index, job] of jobs.entries()) {
      await breathe(signal);
      runTomogramJob(job);
      finished(index + 1);
    }
  }

  return {
    async simulateTiltSeries(density, plan) {
      const [nz, ny, nx] = density.shape;
      const tiltCount = plan.tilts.length;
      const images = sharedFloats(tiltCount * ny * nx);
      const series = {
        images,
        shape: [tiltCount, ny, nx],
        pixelSizeAngstrom: density.voxelSizeAngstrom,
        plan,
      } as const;
      const data = shared(density.data);
      await runAll(
        "projecting",
        divide(ny, ROWS_PER_JOB).map((part) => ({
          kind: "project",
          density: data,
          shape: density.shape,
          series,
          part,
        })),
      );
      await runAll(
        "forming images",
        divide(tiltCount, TILTS_PER_JOB).map((part) => ({ kind: "form", series, nz, part })),
      );
      return series;
    },
    async noiseSeries(given, { into, ...options }) {
      const series = { ...given, images: shared(given.images) };
      const noise = into && isShared(into) ? into : sharedFloats(series.images.length);
      await runAll(
        "drawing noise",
        divide(series.shape[0], TILTS_PER_JOB).map((part) => ({ kind: "noise", series, noise, options, part })),
      );
      return { ...series, images: noise };
    },
    async reconstruct(series, { nz, into, ...options }) {
      checkReconstruct(options); // here, because errors lose their class on the way from a worker
      const [, ny, nx] = series.shape;
      const shape = [nz, ny, nx] as const;
      const volume = into && isShared(into) ? into : sharedFloats(nz * ny * nx);
      const tiltDegrees = series.plan.tilts.map((tilt) => tilt.tiltDegrees);
      const job = { images: shared(series.images), tiltDegrees, shape, volume, options };
      await runAll(
        "reconstructing",
        divide(ny, ROWS_PER_JOB).map((part) => ({ kind: "reconstruct", job, part })),
      );
      return { data: volume, shape, voxelSizeAngstrom: series.pixelSizeAngstrom };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function divide(count: number, size: number): RowRange[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    first: i * size,
    end: Math.min(count, (i + 1) * size),
  }));
}

function isShared(data: Float32Array): boolean {
  return data.buffer instanceof SharedArrayBuffer;
}

function shared(data: Float32Array): Float32Array {
  if (isShared(data)) return data;
  const copy = sharedFloats(data.length);
  copy.set(data);
  return copy;
}

/** Gives every worker the next job as soon as it has done one. A failure or an abort leaves the workers to be closed. */
async function runInWorkers(
  workers: readonly Worker[],
  jobs: readonly TomogramJob[],
  finished: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let [next, done] = [0, 0];
  const work = async (worker: Worker) => {
    for (let job = jobs[next++]; job; job = jobs[next++]) {
      await runInWorker(worker, job, signal);
      finished(++done);
    }
  };
  await Promise.all(workers.map(work));
}

function runInWorker(worker: Worker, job: TomogramJob, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void) => {
      worker.off("message", onMessage).off("error", onError).unref();
      signal?.removeEventListener("abort", onAbort);
      settled();
    };
    const onMessage = () => settle(resolve);
    const onError = (error: unknown) => settle(() => reject(error));
    const onAbort = () => onError(new AbortError("stopped before the end", { cause: signal?.reason }));
    if (signal?.aborted) return onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    worker.on("message", onMessage).on("error", onError).ref();
    worker.postMessage(job);
  });
}
