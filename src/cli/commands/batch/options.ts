/** Where units are worked on, as `batch run` and `batch retry` are told. */
import type { Executor } from "../../../jobs/batch/index.js";
import { option, type ValuesOf } from "../../option.js";
import { choiceOption, integerOption } from "../../option-values.js";

export const executorTable = {
  executor: option(
    "<kind>",
    "where tomograms are worked on: local, processes of this computer",
    choiceOption("local"),
    "local",
  ),
  processes: option(
    "<count>",
    "most processes at a time (default: one a core, and no more than fit into the memory that is free)",
    integerOption(1, 1024),
  ),
};

export async function executorOf({ processes }: ValuesOf<typeof executorTable>): Promise<Executor> {
  const { createLocalPool } = await import("../../../jobs/batch/index.js");
  return createLocalPool({ processes });
}

/** The words that start this program. */
export function programWords(): string[] {
  return [process.execPath, ...process.execArgv, process.argv[1] ?? ""];
}
