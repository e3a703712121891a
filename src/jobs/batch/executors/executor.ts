/** Where the units of a batch are worked on: processes of this computer, or the tasks of a cluster. */

import { MOST_THREADS } from "../../../runtime/index.js";

/** One piece of work that a process of its own does; done again it does nothing that is done. */
export interface BatchUnit {
  /** Names its state, `units/ID.json` in the batch's folder; of letters, digits, "_", "." and "-". */
  readonly id: string;
  /** What `cosnet` is called with, such as `["batch", "unit", "/data/batch", "pick-TS_01"]`; `--threads` may follow. */
  readonly args: readonly string[];
  /** Memory that the process is expected to need at most with one thread. */
  readonly memoryBytes: number;
  /** What each further thread takes; default none. */
  readonly threadBytes?: number | undefined;
  /** Threads that it makes good use of; an executor may give it fewer. */
  readonly threads: number;
}

/** Memory that the process of a unit is expected to need at most with so many threads. */
export function expectedMemory({ memoryBytes, threadBytes = 0 }: BatchUnit, threads: number): number {
  return memoryBytes + (Math.min(threads, MOST_THREADS) - 1) * threadBytes;
}

/** How the process of a unit ended: what it has done is said by the unit's own state alone. */
export interface UnitEnd {
  readonly unit: BatchUnit;
  /** `failed`: it ended with an exit code, or was killed; `cancelled`: it was stopped because the run is. */
  readonly outcome: "ended" | "failed" | "cancelled";
  /** Why, in a sentence, where the executor knows more than the unit could say: killed by a signal, out of memory. */
  readonly reason?: string;
}

/** What a run of units tells, and is told. */
export interface ExecutorContext {
  readonly batchFolder: string;
  /** The words that start cosnet, before a unit's own: the interpreter, its options and the script. */
  readonly program: readonly string[];
  /** A process began with the unit; `where` is a host, or a host and a job, for people. */
  onStarted(unit: BatchUnit, where: string): void;
  /** Its process is no more. Told once for each unit that was given. */
  onEnded(end: UnitEnd): void;
  /** Told once, where the executor decides how many units are worked on at a time. */
  onPlan?(plan: ExecutorPlan): void;
  /** Told in a sentence what is odd, but does not stop the run. */
  onWarning?(warning: string): void;
  readonly signal?: AbortSignal | undefined;
}

/** How an executor makes use of a computer. */
export interface ExecutorPlan {
  /** At a time. */
  readonly processes: number;
  /** Of each process. */
  readonly threads: number;
  readonly cores: number;
  readonly freeBytes: number;
}

/** A place where units are worked on. */
export interface Executor {
  /** How many run at a time depends on their memory: of each kind one is tried alone, and measured, before the others. */
  readonly measuresFirst?: boolean;
  /**
   * Works on all units, and resolves when each has ended; none depends on another. What an earlier process of this batch left
   * running is ended first, or taken over (jobs of a cluster go on when the process that submitted them is killed): a unit is
   * never in two processes at once.
   * @throws AbortError when stopped, after `onEnded` for all that had begun; FileError; ConfigError where it cannot run at all.
   */
  run(units: readonly BatchUnit[], context: ExecutorContext): Promise<void>;
}
