import { throwIfAborted } from "../errors.js";
import type { Array32 } from "./array.js";
import { createSession, type OnnxRuntime, type Session, type SessionOptions } from "./session.js";

type Arrays = Readonly<Record<string, Array32>>;

/** Runs that do not depend on each other. */
export interface Runs {
  readonly count: number;
  /** The inputs of one of them. */
  readonly inputs: (index: number) => Arrays;
  /** Takes its outputs; in the order in which they come. */
  readonly take: (index: number, outputs: Arrays) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A model in several threads; `await using` it, or `release` it. */
export interface SharedSession extends Pick<Session, "outputNames" | "release">, AsyncDisposable {
  /**
   * Runs the model, in this thread, and what is more than one run in others as well, as soon as they have loaded it.
   * @throws ModelError as `Session.run`; AbortError from `signal`. Runs that are under way then come to nothing.
   */
  runAll(runs: Runs): Promise<void>;
}

/** Runs that another thread has before it: this one, at work itself, takes answers late. */
const RUNS_AHEAD = 2;
/** More would wait for the boxes that this thread cuts; each takes some 60 MB. */
export const MOST_THREADS = 8;

/**
 * Loads a model for runs that do not depend on each other. Where sessions can have threads of their own, each computes on one core, and
 * what comes out does not depend on their number: ONNX Runtime's own threads share one image of one convolution at a time, and what
 * moves values gets slower by them.
 * @throws ModelError as `createSession`.
 */
export async function createSharedSession(
  runtime: OnnxRuntime,
  model: Uint8Array,
  options: SessionOptions = {},
): Promise<SharedSession> {
  const { threads = runtime.defaultThreads ?? 1, device = "cpu" } = options;
  const { inOwnThread } = runtime;
  const isShared = inOwnThread !== undefined && device === "cpu" && threads > 1;
  const own = await createSession(runtime, model, isShared ? { ...options, threads: 1 } : options);
  const others: Promise<Session>[] = [];
  /** Begins to load them, once. */
  const otherSessions = (): readonly Promise<Session>[] => {
    if (!isShared || others.length > 0) return others;
    const inThreads = { ...runtime, InferenceSession: inOwnThread };
    for (let i = 1; i < Math.min(threads, MOST_THREADS); i++)
      others.push(createSession(inThreads, model, { ...options, threads: 1 }));
    return others;
  };
  const release = async () => {
    const loaded = await Promise.allSettled([own, ...others]);
    await Promise.all(loaded.map((session) => session.status === "fulfilled" && session.value.release()));
  };
  return {
    outputNames: own.outputNames,
    runAll(runs) {
      const ahead = runs.count > 1 ? otherSessions().flatMap((session) => Array(RUNS_AHEAD).fill(session)) : [];
      return shareRuns([own, ...ahead], runs);
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}

/** Each of `sessions` takes the next run when it has done one; one that is not loaded before the last is done is not waited for. */
async function shareRuns(
  sessions: readonly (Session | Promise<Session>)[],
  { count, inputs, take, signal }: Runs,
): Promise<void> {
  let [next, done] = [0, 0];
  await new Promise<void>((resolve, reject) => {
    if (count === 0) resolve();
    const work = async (loading: Session | Promise<Session>) => {
      const session = await loading;
      while (next < count) {
        throwIfAborted(signal);
        const index = next++;
        take(index, await session.run(inputs(index)));
        if (++done === count) resolve();
      }
    };
    for (const session of sessions)
      work(session).catch((error) => {
        next = count; // nobody begins another
        reject(error);
      });
  });
}
