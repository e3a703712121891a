import type { JobOptions } from "../../progress.js";
import type { BatchRecipe } from "./batch-file.js";
import type { Executor } from "./executors/executor.js";

/** What a batch is of, and where it is worked on. */
export interface BatchOptions extends Omit<JobOptions, "command" | "seed"> {
  /** Files, folders, patterns, a tomograms.star, a CSV table, a copick project; none: those that the batch was begun with. */
  readonly tomograms: readonly string[];
  /** Undefined: the one that the batch was begun with. */
  readonly recipe: BatchRecipe | undefined;
  /** The folder from which paths of recipe and tomograms count. */
  readonly directory: string;
  readonly executor: Executor;
  /** The words that start cosnet: the interpreter, its options and the script. */
  readonly program: readonly string[];
  /** Units, or tomograms by name, that failed and are to be done again; an empty list: all that failed. */
  readonly retry?: readonly string[] | undefined;
}

/** A unit that failed. */
export interface BatchFailure {
  /** The unit's name. */
  readonly id: string;
  /** What it was about: a tomogram, a class, or the step. */
  readonly what: string;
  readonly reason: string;
  readonly hint: string | undefined;
  readonly logPath: string;
}

/** What a batch has come to. */
export interface BatchResult {
  readonly outputFolder: string;
  /** Undefined as long as nothing is gathered. */
  readonly reportPath: string | undefined;
  readonly picksPath: string | undefined;
  readonly tomograms: number;
  /** Whether particles were looked for, or those of lists classified. */
  readonly step: "pick" | "classify";
  /** Tomograms whose particles are in the list. */
  readonly gathered: number;
  readonly picks: number;
  readonly classes: readonly { readonly name: string; readonly picks: number }[];
  readonly failures: readonly BatchFailure[];
  readonly warnings: readonly string[];
  readonly seconds: number;
}
