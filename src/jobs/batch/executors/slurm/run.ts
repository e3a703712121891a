import type { BatchUnit, ExecutorContext } from "../executor.js";
import type { SlurmSettings } from "./settings.js";
import type { Submission } from "./submissions.js";

/** A unit that is to be submitted, or has been. */
export interface Attempt {
  /** Its memory is what this attempt asks for. */
  readonly unit: BatchUnit;
  /** Counted from 1. */
  readonly number: number;
}

/** A job array whose tasks are followed. */
export interface JobArray {
  submission: Submission;
  /** Those of which it is not yet known what became of them, by their index in the array. */
  readonly tasks: Map<number, Task>;
}

export interface Task extends Attempt {
  /** Where it was last told to run. */
  where?: string;
  /** When it was first seen to have ended, in milliseconds. */
  endedAt?: number;
}

/** Where a run stands. */
export interface SlurmRun {
  readonly settings: SlurmSettings;
  readonly context: ExecutorContext;
  /** Lines for the scripts. */
  readonly siteOptions: readonly string[];
  /** How long files may take from the node to here, in milliseconds. */
  readonly settleMilliseconds: number;
  readonly waiting: Set<Attempt>;
  readonly arrays: JobArray[];
  /** Most tasks of one array. */
  arraySize: number;
  /** Somebody has cancelled its tasks. */
  isCancelled: boolean;
  /** Slurm takes no more jobs for now. */
  isFull: boolean;
  /** Warns of what may be seen again and again. */
  readonly warnOnce: (warning: string) => void;
}
