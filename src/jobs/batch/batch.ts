import { fileURLToPath } from "node:url";
import type { BatchRecipe } from "./batch-file.js";
import { chosenExecutor } from "./executors/chosen-executor.js";
import type { SlurmSettings } from "./executors/slurm/settings.js";
import type { BatchOptions, BatchResult } from "./options.js";
import { runBatch } from "./run-batch.js";

/** What a batch is of, and where it is worked on. */
export interface BatchRunOptions
  extends Omit<BatchOptions, "tomograms" | "recipe" | "directory" | "executor" | "program"> {
  /** Files, folders, patterns, a tomograms.star, a CSV table, a copick project; default: those that the batch was begun with. */
  readonly tomograms?: readonly string[] | undefined;
  /** Options of each step by their names on the command line, as a recipe's file has them; default: the one it was begun with. */
  readonly recipe?: BatchRecipe | undefined;
  /** The folder from which paths of recipe and tomograms count; default: that of this process. */
  readonly directory?: string | undefined;
  /** On this computer: most processes at a time; default: one a core, and no more than fit into the memory that is free. */
  readonly processes?: number | undefined;
  /** Work as tasks of a Slurm cluster, with what is to be asked of it; default: as the batch was begun, at first on this computer. */
  readonly slurm?: SlurmSettings | undefined;
}

/** The script that units are started with: it lies in the folder beside in what is built. */
const MAIN = fileURLToPath(new URL("../../cli/main.js", import.meta.url));

/**
 * Picks, segments and averages in many tomograms, each in a process of its own, as `cosnet batch run`: one list and one report of
 * all, equal to those of one `pick`. Stopped at any moment and called again it continues where it was; a tomogram that fails stops
 * no other, and is among the failures of the result.
 * @throws ConfigError for options, or while another process works on the same folder; FileError, FormatError as reading the lists of
 * tomograms does; AbortError.
 */
export async function batch({
  tomograms = [],
  recipe,
  directory = process.cwd(),
  processes,
  slurm,
  ...options
}: BatchRunOptions): Promise<BatchResult> {
  const executor = await chosenExecutor(options.outputFolder, {
    ...{ kind: slurm && "slurm", processes },
    slurm: slurm ?? {},
  });
  return runBatch({ ...options, tomograms, recipe, directory, executor, program: [process.execPath, MAIN] });
}
