import { Worker } from "node:worker_threads";
import { AbortError, FileError, throwIfAborted } from "../../errors.js";
import { breathe, type Progress } from "../../progress.js";
import type { Picture } from "../../report/index.js";
import {
  boxCorners,
  checkReconstruct,
  type ImagingEngine,
  medianVariance,
  middleOf,
  type NoiseOptions,
  type RowRange,
  type TiltPlan,
  type TiltSeries,
} from "../../simulate/index.js";
import type { Shape3, Volume } from "../../volume/index.js";
import type { BoxPart, BoxPartsJob } from "./box-parts.js";
import { PACKING_SIZE, runTomogramJob, type SignalJob, type TomogramJob } from "./imaging-parts.js";
import type { TomogramPageData } from "./report.js";

/** Rows or images of one job: enough to pay for its tables, few enough that the threads end together. */
const ROWS_PER_JOB = 12;
const TILTS_PER_JOB = 7;
const BOXES_PER_JOB = 128;
const SECTIONS_PER_JOB = 12;

/** Memory that all threads share, filled with zeros; where a page may share none, this thread's, which is the only one there. */
export function sharedMemory(byteLength: number): ArrayBufferLike {
  return new (mayShare() ? SharedArrayBuffer : ArrayBuffer)(byteLength);
}

/** Pages of servers that do not isolate them have no such memory. */
function mayShare(): boolean {
  return typeof SharedArrayBuffer === "function";
}

/** This many zeros in memory that all threads share. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(sharedMemory(4 * length));
}

/** Imaging and reconstruction over several threads; the bytes that come out do not depend on their number. */
export interface TomogramWorkers extends ImagingEngine, AsyncDisposable {
  /** The noise-free images of a density in kilodalton per voxel. Memory that is not shared is copied first. */
  simulateTiltSeries(density: Volume, plan: TiltPlan): Promise<TiltSeries>;
  /**
   * Has worker threads that would be idle draw noise that `noiseSeries` will be asked for, with the same options, one series after
   * the other; of `series` only the images may be missing.
   */
  drawNoiseAhead(series: TiltSeries, options: NoiseOptions & { readonly into: Float32Array }): void;
  /** Has a worker thread touch new memory before this thread needs it: the first touch of a page takes long. */
  touchAhead(memory: ArrayBufferLike): void;
  /** The picture of what is packed, see `packingPicture`; labels that are not shared are copied first. */
  drawPacking(labels: Uint8Array, shape: Shape3): Promise<Picture>;
  /** Makes a tomogram of a field of noise in shared memory, `[nz, ny, nx]`. @throws FileError, FormatError */
  addSignal(job: SignalJob, sections: number): Promise<void>;
  /** Writes boxes of a tomogram into a file that grows. @throws FileError */
  cutBoxes(job: BoxPartsJob<Float32Array>, boxes: readonly BoxPart[]): Promise<void>;
  /** Writes the masks of particles into a file that grows. @throws FileError */
  cutMasks(job: BoxPartsJob<Uint16Array | Uint32Array>, boxes: readonly BoxPart[]): Promise<void>;
  /** Writes the page, before whatever else waits for a worker. @throws FileError */
  writePage(folder: string, data: TomogramPageData): Promise<void>;
}

/** What a worker answers when it has done a job, or could not read or write a file. */
export type WorkerAnswer = { readonly failure?: { readonly reason: string; readonly path: string } };

/**
 * Starts `threads` worker threads; with one, or with sources that are not compiled, as in tests, this thread does the work
 * and looks for the abort signal between jobs.
 */
export function createTomogramWorkers({
  threads,
  onProgress,
  signal,
}: Progress & { readonly threads: number }): TomogramWorkers {
  const compiled = !import.meta.url.endsWith(".ts");
  const workers = Array.from(
    { length: compiled && threads > 1 ? threads : 0 },
    () =>
      new Worker(new URL("./imaging-worker.js", import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 12 } }),
  );
  for (const worker of workers) worker.unref(); // an idle pool must not keep the process alive
  const pool = createPool(workers);

  const inWorker = (job: TomogramJob) =>
    pool.use((worker) => runInWorker(worker, job, signal), { isUrgent: job.kind === "page" });

  async function runAll(stage: string, jobs: readonly TomogramJob[]): Promise<void> {
    throwIfAborted(signal);
    onProgress?.({ stage, done: 0, total: jobs.length });
    const finished = (done: number) => onProgress?.({ stage, done, total: jobs.length });
    if (workers.length > 0) {
      let done = 0;
      await Promise.all(jobs.map((job) => inWorker(job).then(() => finished(++done))));
      return;
    }
    for (const [index, job] of jobs.entries()) {
      await breathe(signal);
      await runTomogramJob(job);
      finished(index + 1);
    }
  }

  /** Noise that is drawn ahead, by what it was asked for with. */
  const ahead = new Map<string, Promise<void>>();
  let lastAhead = Promise.resolve();
  const aheadKey = ({ seed, kind = "gaussian", doseFactor = 1, thicknessAngstrom }: NoiseOptions) =>
    [seed, kind, doseFactor, thicknessAngstrom].join(" ");

  function noiseJobs(series: TiltSeries, noise: Float32Array, options: NoiseOptions): TomogramJob[] {
    return divide(series.shape[0], TILTS_PER_JOB, (part) => ({ kind: "noise", args: [series, noise, options, part] }));
  }

  return {
    async simulateTiltSeries(density, plan) {
      const [nz, ny, nx] = density.shape;
      const tiltCount = plan.tilts.length;
      const images = sharedFloats(tiltCount * ny * nx);
      const { shape, voxelSizeAngstrom: pixelSizeAngstrom } = density;
      const series: TiltSeries = { images, shape: [tiltCount, ny, nx], pixelSizeAngstrom, plan };
      const data = shared(density.data);
      const rows = divide(ny, ROWS_PER_JOB, (part) => ({ kind: "project", args: [data, shape, plan, images, part] }));
      await runAll("projecting", rows);
      const tilts = divide(tiltCount, TILTS_PER_JOB, (part) => ({ kind: "form", args: [series, nz, part] }));
      await runAll("forming images", tilts);
      return series;
    },
    async noiseSeries(given, { into, ...options }) {
      const series = { ...given, images: shared(given.images) };
      const noise = into && isShared(into) ? into : sharedFloats(series.images.length);
      const drawn = ahead.get(aheadKey(options));
      ahead.delete(aheadKey(options)); // counts are drawn into the same memory later
      await (drawn ?? runAll("drawing noise", noiseJobs(series, noise, options)));
      return { ...series, images: noise };
    },
    drawNoiseAhead(series, { into, ...options }) {
      const jobs = noiseJobs(series, into, options);
      // One worker less than there are, as this thread is busy; with none this thread draws when it is asked to.
      const lanes = workers.slice(1).map(async () => {
        await lastAhead;
        for (let job = jobs.shift(); job; job = jobs.shift()) await inWorker(job);
      });
      if (lanes.length === 0) return;
      lastAhead = Promise.all(lanes).then(() => {});
      lastAhead.catch(() => {}); // thrown when it is awaited
      ahead.set(aheadKey(options), lastAhead);
    },
    touchAhead(memory) {
      if (workers.length > 1) inWorker({ kind: "touch", args: [new Int32Array(memory)] }).catch(() => {}); // as the next job will
    },
    async drawPacking(labels, shape) {
      const { width, height } = PACKING_SIZE;
      const pixels = new Uint8Array(sharedMemory(4 * width * height));
      await runAll("drawing what is packed", [{ kind: "packing", args: [shared(labels), shape, pixels] }]);
      return { width, height, channels: 4, pixels };
    },
    async reconstruct(series, { nz, into, ...options }) {
      checkReconstruct(options); // here, because errors lose their class on the way from a worker
      const [, ny, nx] = series.shape;
      const shape = [nz, ny, nx] as const;
      const volume = into && isShared(into) ? into : sharedFloats(nz * ny * nx);
      const tiltDegrees = series.plan.tilts.map((tilt) => tilt.tiltDegrees);
      const job = { images: shared(series.images), tiltDegrees, shape, volume, options };
      const rows = divide(ny, ROWS_PER_JOB, (part) => ({ kind: "reconstruct", args: [job, part] }));
      await runAll("reconstructing", rows);
      return { data: volume, shape, voxelSizeAngstrom: series.pixelSizeAngstrom };
    },
    async medianVariance({ data, shape }, boxes) {
      if (!boxes) return medianVariance(data, shape);
      const { size } = boxes;
      const corners = shared(boxCorners(shape, boxes));
      const variances = new Float64Array(sharedMemory((8 * corners.length) / 3));
      const job = { data: shared(data), shape, corners, size, variances };
      const parts = divide(variances.length, BOXES_PER_JOB, (part) => ({ kind: "variances", args: [job, part] }));
      await runAll("measuring", parts);
      return middleOf(variances);
    },
    addSignal(job, sections) {
      const parts = divide(sections, SECTIONS_PER_JOB, (part) => ({ kind: "addSignal", args: [job, part] }));
      return runAll("adding the signal", parts);
    },
    cutBoxes(job, boxes) {
      const given = { ...job, data: shared(job.data) };
      const parts = divide(boxes.length, BOXES_PER_JOB, ({ first, end }) => ({
        kind: "boxes",
        args: [given, boxes.slice(first, end)],
      }));
      return runAll("writing arrays", parts);
    },
    cutMasks(job, boxes) {
      const given = { ...job, data: shared(job.data) };
      const parts = divide(boxes.length, BOXES_PER_JOB, ({ first, end }) => ({
        kind: "masks",
        args: [given, boxes.slice(first, end)],
      }));
      return runAll("writing masks", parts);
    },
    writePage: (folder, data) => runAll("writing the report", [{ kind: "page", args: [folder, data] }]),
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** A job for every `size` of `count` rows or images. */
function divide(count: number, size: number, job: (part: RowRange) => TomogramJob): TomogramJob[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, i) =>
    job({ first: i * size, end: Math.min(count, (i + 1) * size) }),
  );
}

function isShared({ buffer }: ArrayBufferView): boolean {
  return !mayShare() || buffer instanceof SharedArrayBuffer;
}

/** The same values in shared memory; a copy unless they are there already. */
function shared<T extends Float32Array | Int32Array | Uint8Array | Uint16Array | Uint32Array>(data: T): T {
  if (isShared(data)) return data;
  const copy = new (data.constructor as new (memory: ArrayBufferLike) => T)(sharedMemory(data.byteLength));
  copy.set(data);
  return copy;
}

interface Waiting {
  readonly take: (worker: Worker) => void;
  readonly fail: (error: unknown) => void;
}

/** Workers, each for one job at a time, given in the order in which they are asked for, urgent jobs first. After a failure nobody gets one. */
function createPool(workers: readonly Worker[]) {
  const idle = [...workers];
  const waiting: Waiting[] = [];
  let failure: { readonly error: unknown } | undefined;

  function idleWorker(isUrgent: boolean): Promise<Worker> {
    const worker = idle.pop();
    if (worker) return Promise.resolve(worker);
    return new Promise((take, fail) => (isUrgent ? waiting.unshift({ take, fail }) : waiting.push({ take, fail })));
  }

  return {
    async use(work: (worker: Worker) => Promise<void>, { isUrgent = false } = {}): Promise<void> {
      const worker = await idleWorker(isUrgent);
      try {
        if (failure) throw failure.error;
        await work(worker);
      } catch (error) {
        failure ??= { error };
        for (const { fail } of waiting.splice(0)) fail(error);
        throw error;
      }
      const next = waiting.shift();
      if (next) next.take(worker);
      else idle.push(worker);
    },
  };
}

function runInWorker(worker: Worker, job: TomogramJob, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void) => {
      worker.off("message", onMessage).off("error", onError).unref();
      signal?.removeEventListener("abort", onAbort);
      settled();
    };
    const onMessage = ({ failure }: WorkerAnswer) =>
      settle(() => (failure ? reject(new FileError(failure.reason, failure.path)) : resolve()));
    const onError = (error: unknown) => settle(() => reject(error));
    const onAbort = () => onError(new AbortError("stopped before the end", { cause: signal?.reason }));
    if (signal?.aborted) return onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    worker.on("message", onMessage).on("error", onError).ref();
    worker.postMessage(job);
  });
}
