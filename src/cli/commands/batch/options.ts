/** Where units are worked on, as `batch run` and `batch retry` are told. */
import type { Executor } from "../../../jobs/batch/index.js";
import { option, type ValuesOf } from "../../option.js";
import { choiceOption, integerOption } from "../../option-values.js";

export const executorTable = {
  executor: option(
    "<kind>",
    "where tomograms are worked on: local, processes of this computer, or slurm, job arrays of a cluster (default: as before, else local)",
    choiceOption("local", "slurm"),
  ),
  processes: option(
    "<count>",
    "local: most processes at a time (default: one a core, and no more than fit into the memory that is free)",
    integerOption(1, 1024),
  ),
  maxRunning: option(
    "<count>",
    "slurm: most tasks at a time (default: as many as the cluster gives)",
    integerOption(1, 100_000),
  ),
  partition: option("<name>", "slurm: partition, as of sbatch, and so are the next six"),
  account: option("<name>", "slurm: account that pays"),
  qos: option("<name>", "slurm: quality of service"),
  time: option("<limit>", 'slurm: time limit of a task, such as "4:00:00"; what it has done by then is kept'),
  memory: option("<size>", "slurm: memory of a task, such as 16G (default: as measured, with a margin)"),
  constraint: option("<features>", "slurm: features that nodes must have"),
  gres: option("<resources>", "slurm: generic resources"),
  slurmOption: option("<options...>", 'slurm: any other option of sbatch, such as "--exclude=n17"'),
  setup: option("<lines...>", 'slurm: lines of shell before the command, such as "module load node"'),
  retries: option(
    "<count>",
    "slurm: how often a unit is submitted again that ended for its node's sake (default: 3)",
    integerOption(0, 100),
  ),
};

/** @throws ConfigError; FileError. */
export async function executorOf(batchFolder: string, flags: ValuesOf<typeof executorTable>): Promise<Executor> {
  const { chosenExecutor } = await import("../../../jobs/batch/index.js");
  const { executor: kind, processes, maxRunning, slurmOption } = flags;
  const { partition, account, qos, time, memory, constraint, gres, setup, retries } = flags;
  return chosenExecutor(batchFolder, {
    ...{ kind, processes },
    slurm: {
      ...{ partition, account, qos, time, memory, constraint, gres, setup, retries },
      ...{ options: slurmOption, maximumRunning: maxRunning },
    },
  });
}

/** The words that start this program. */
export function programWords(): string[] {
  return [process.execPath, ...process.execArgv, process.argv[1] ?? ""];
}
