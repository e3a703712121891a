/** Sessions of ONNX Runtime in worker threads: one holds up the thread that it runs in. */
import { Worker } from "node:worker_threads";
import type { OnnxSession, SessionFactory } from "../../runtime/index.js";

/** What a thread begins with. */
export interface ThreadStart {
  readonly model: Uint8Array;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What it is asked to run. */
export interface RunRequest {
  readonly id: number;
  readonly inputs: Arrays;
}

/** What it answers: first the names of the model's inputs and outputs, then the outputs of each run; or why there are none. */
export type ThreadReply =
  | Pick<OnnxSession, "inputNames" | "outputNames">
  | { readonly id: number; readonly outputs: Arrays }
  | { readonly id?: number; readonly failure: string };

/** Tensors as messages carry them. */
export type Arrays = Readonly<Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>>;

/** Sessions that run side by side; undefined where the compiled worker is not there (as when the sources run uncompiled, in tests). */
export const sessionsInThreads: SessionFactory | undefined = import.meta.url.endsWith(".ts") ? undefined : { create };

const open = { now: 0, most: 0 };

/** How many of these sessions have been open at the same time in this process, at most. */
export function mostSessionsInThreads(): number {
  return open.most;
}

async function create(model: Uint8Array, options: ThreadStart["options"]): Promise<OnnxSession> {
  const workerData: ThreadStart = { model, options };
  // Node's flags of the program that uses this, such as --input-type, are not for the worker.
  const worker = new Worker(new URL("./session-worker.js", import.meta.url), { workerData, execArgv: [] });
  const replies = createReplies(worker);
  try {
    const names = (await replies.of(0)) as Pick<OnnxSession, "inputNames" | "outputNames">;
    open.most = Math.max(open.most, ++open.now);
    let lastId = 0;
    return {
      ...names,
      async run(feeds) {
        const id = ++lastId;
        const inputs = copied(feeds as Arrays); // tensors of the runtime's interface have these fields
        const answer = replies.of(id);
        worker.postMessage({ id, inputs } satisfies RunRequest, buffersOf(inputs));
        return ((await answer) as { readonly outputs: Arrays }).outputs;
      },
      async release() {
        open.now--;
        await worker.terminate();
      },
    };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

/** Answers by the numbers of their questions; 0 is that whether the model can be loaded. A thread that nobody waits for does not keep the process alive. */
function createReplies(worker: Worker) {
  const waiting = new Map<number, { resolve(reply: ThreadReply): void; reject(error: unknown): void }>();
  const take = (id: number) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    return asked;
  };
  worker.on("message", (reply: ThreadReply) => {
    const asked = take("id" in reply ? (reply.id ?? 0) : 0);
    if ("failure" in reply) asked?.reject(new Error(reply.failure));
    else asked?.resolve(reply);
  });
  const refuseAll = (error: unknown) => {
    for (const id of [...waiting.keys()]) take(id)?.reject(error);
  };
  worker.on("error", refuseAll);
  worker.on("exit", () => refuseAll(new Error("its thread has ended")));
  return {
    of: (id: number) =>
      new Promise<ThreadReply>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.ref();
      }),
  };
}

/** Copies that can be handed over, of what may be a part of something larger. */
const copied = (arrays: Arrays): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, { data, dims }]) => [name, { data: data.slice(), dims }]));

/** What is handed over with a message. */
export const buffersOf = (arrays: Arrays): ArrayBuffer[] =>
  Object.values(arrays).map(({ data }) => data.buffer as ArrayBuffer);
