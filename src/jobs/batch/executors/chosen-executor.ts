/** Where a batch is worked on, as it is told and, where it is told nothing, as before. */
import { join } from "node:path";
import { ConfigError } from "../../../errors.js";
import { readJson, writeFileAtomic } from "../../../files/disk/index.js";
import { shellWord } from "../../command-text/index.js";
import type { Executor } from "./executor.js";
import { createLocalPool } from "./local-pool.js";
import type { SlurmSettings } from "./slurm/settings.js";
import { createSlurmExecutor } from "./slurm/slurm-executor.js";
import { openSubmissions } from "./slurm/submissions.js";

/** What is said of it; undefined: as before, at first local. */
export interface ExecutorChoice {
  readonly kind: "local" | "slurm" | undefined;
  /** Of the local pool: most processes at a time. */
  readonly processes: number | undefined;
  /** Those that are given replace those of before. */
  readonly slurm: SlurmSettings;
}

/** What `executor.json` in the batch's folder holds. */
interface KeptChoice {
  readonly kind: "local" | "slurm";
  readonly slurm?: SlurmSettings;
}

/**
 * The executor of a batch, whose folder need not be there yet.
 * @throws ConfigError for settings of the other kind of executor, for such as Slurm cannot be given, and for a local one while tasks
 * of the batch may run on a cluster; FileError.
 */
export async function chosenExecutor(batchFolder: string, choice: ExecutorChoice): Promise<Executor> {
  const path = join(batchFolder, "executor.json");
  const kept = ((await readJson(path)) ?? undefined) as KeptChoice | undefined;
  const kind = choice.kind ?? kept?.kind ?? "local";
  const given = definedOnly(choice.slurm);
  const [odd] = kind === "local" ? Object.keys(given) : choice.processes === undefined ? [] : ["processes"];
  if (odd !== undefined)
    throw new ConfigError(`${odd} is not for the executor ${kind}`, {
      hint:
        kind === "local" ? "Give --executor slurm as well." : "Give --max-running for the number of tasks at a time.",
    });
  if (kind === "local" && (await openSubmissions(batchFolder)).length > 0)
    throw new ConfigError("tasks of this batch may be running in Slurm", {
      where: batchFolder,
      hint: `Go on with --executor slurm, or end them first: cosnet batch cancel ${shellWord(batchFolder)}`,
    });
  const settings = { ...kept?.slurm, ...given };
  const executor = kind === "slurm" ? createSlurmExecutor(settings) : createLocalPool({ processes: choice.processes });
  const now: KeptChoice = { kind, ...(kind === "slurm" && { slurm: settings }) };
  return {
    ...executor,
    async run(units, context) {
      await writeFileAtomic(path, `${JSON.stringify(now, null, 2)}\n`);
      await executor.run(units, context);
    },
  };
}

function definedOnly(settings: SlurmSettings): SlurmSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
