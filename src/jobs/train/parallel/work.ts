/** A worker: finds gradients for a training that runs elsewhere. */
import { connect, type Socket } from "node:net";
import { hostname } from "node:os";
import { ConfigError, throwIfAborted } from "../../../errors.js";
import { packageVersion } from "../../../files/disk/index.js";
import { nodeRuntime } from "../../../files/model/index.js";
import type { Progress } from "../../../progress.js";
import { classifierGraph, createGradientSession } from "../../../train/index.js";
import { type BatchMaker, createBatchMaker } from "../../training/index.js";
import { stepConfigOf } from "../options.js";
import { specimensOf } from "../specimens.js";
import { type MeetingPlace, meetingPlace } from "./meeting-place.js";
import type { FromWorker, Gradient, ToWorker, TrainingTask } from "./messages.js";
import { openWire, type Wire } from "./wire.js";

/** What `cosnet train worker` can be told. */
export interface TrainingWorkerOptions extends Progress {
  /** The output folder of the training, as this computer sees it. */
  readonly folder: string;
  readonly threads?: number | undefined;
  /** How long a training is waited for, at the beginning and when it goes away; default 600. */
  readonly waitSeconds?: number;
}

/** What a worker has done. */
export interface TrainingWorkerResult {
  readonly batches: number;
}

const POLL_MILLISECONDS = 250;

/**
 * Finds gradients for the training in a folder until that ends. It may begin before the training, and waits for it to come back
 * when it goes away.
 * @throws ConfigError when there is no training for `waitSeconds`; ModelError, FileError, FormatError; AbortError.
 */
export async function workForTraining(options: TrainingWorkerOptions): Promise<TrainingWorkerResult> {
  const { folder, waitSeconds = 600, onProgress, signal } = options;
  let batches = 0;
  for (;;) {
    onProgress?.({ stage: "waiting for the training", done: 0, total: 0 });
    const socket = await connected(folder, waitSeconds, signal);
    const isOver = await serve(socket, options, () => {
      batches++;
      onProgress?.({ stage: "finding gradients", done: batches, total: 0 });
    });
    if (isOver) return { batches };
  }
}

/** @throws ConfigError when nobody answers in time, AbortError. */
async function connected(folder: string, waitSeconds: number, signal: AbortSignal | undefined): Promise<Socket> {
  const start = performance.now();
  for (;;) {
    throwIfAborted(signal);
    const place = await meetingPlace(folder);
    const socket = place && (await trying(place));
    if (socket) return socket;
    if (performance.now() - start > 1000 * waitSeconds)
      throw new ConfigError(`no training in ${folder} asked for workers within ${waitSeconds} s`, {
        hint: "Start `cosnet train` with --workers and this folder as its --output.",
      });
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

/** Undefined where nobody answers: the file may be of a training that was killed. */
function trying({ host, port, token }: MeetingPlace): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => {
      socket.removeAllListeners("error");
      socket.write(token);
      resolve(socket);
    });
    socket.once("error", () => resolve(undefined));
  });
}

/** Whether the training has ended; it has gone away where it has not. */
async function serve(
  socket: Socket,
  { folder, threads, signal }: TrainingWorkerOptions,
  onFound: () => void,
): Promise<boolean> {
  const inbox: ToWorker[] = [];
  let isClosed = false;
  let wake = (): void => {};
  const wire: Wire<FromWorker> = openWire<ToWorker, FromWorker>(socket, {
    onMessage(message) {
      inbox.push(message);
      wake();
    },
    onClosed() {
      isClosed = true;
      wake();
    },
  });
  const stop = (): void => wire.destroy();
  signal?.addEventListener("abort", stop);
  wire.send({ type: "ready", name: hostname(), version: packageVersion() });
  let finder: Finder | undefined;
  try {
    for (;;) {
      throwIfAborted(signal);
      const message = inbox.shift();
      if (message?.type === "end") return true;
      if (message?.type === "begin") finder = await createFinder(message.task, { folder, threads });
      if (message?.type === "find" && finder)
        for (const batch of message.batches) {
          const gradient = await finder.gradientOf(message, batch);
          wire.send({ type: "gradient", batch, gradient });
          onFound();
        }
      if (message) continue;
      if (isClosed) return false;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } catch (error) {
    if (!signal?.aborted && !isClosed) wire.send({ type: "failed", reason: (error as Error).message });
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    wire.end();
    await finder?.[Symbol.asyncDispose]();
  }
}

type Find = Extract<ToWorker, { type: "find" }>;

interface Finder extends AsyncDisposable {
  gradientOf(message: Find, batch: number): Promise<Gradient>;
}

async function createFinder(
  { recipe, structures }: TrainingTask,
  { folder, threads }: Pick<TrainingWorkerOptions, "folder" | "threads">,
): Promise<Finder> {
  const specimens = await specimensOf(recipe, structures, { outputFolder: folder }); // the training has made them
  const maker = createBatchMaker({ options: recipe.batch, structures, specimens });
  const made = new Map<number, ReturnType<BatchMaker["make"]>>();
  const make = (batch: number) => {
    const known = made.get(batch) ?? maker.make(batch);
    made.set(batch, known);
    return known;
  };
  const graph = classifierGraph(recipe.network, stepConfigOf(recipe));
  const session = await createGradientSession(nodeRuntime, graph, { threads });
  return {
    async gradientOf({ batches, next, ...at }, batch) {
      const wanted = [...batches, ...(maker.isBeside ? next : [])];
      for (const one of wanted) make(one);
      const found = await session.gradientOf(at, await make(batch));
      made.delete(batch);
      for (const one of made.keys()) if (!wanted.includes(one)) made.delete(one);
      return found;
    },
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      await maker[Symbol.asyncDispose]();
    },
  };
}
