import { ConfigError } from "../../../../errors.js";

/** What a cluster is asked for. Texts are handed to Slurm as they are; what is left out is the site's default. */
export interface SlurmSettings {
  readonly partition?: string | undefined;
  readonly account?: string | undefined;
  readonly qos?: string | undefined;
  /** Time limit of a task, such as "4:00:00" or "1-12". */
  readonly time?: string | undefined;
  /** Memory of a task in place of what is expected of its unit, such as "16G". */
  readonly memory?: string | undefined;
  readonly constraint?: string | undefined;
  readonly gres?: string | undefined;
  /** Any other option of sbatch, with its dashes: "--exclude=n17". */
  readonly options?: readonly string[] | undefined;
  /** Lines of shell before the command, such as "module load node". */
  readonly setup?: readonly string[] | undefined;
  /** At most this many tasks at a time. */
  readonly maximumRunning?: number | undefined;
  /** How often a unit is submitted again that ended for its node's sake; default 3. */
  readonly retries?: number | undefined;
}

/** What the executor itself says to sbatch, and what would take the tasks out of its sight. */
const OWN_OPTIONS: Readonly<Record<string, string>> = {
  "--array": "give --max-running for the number of tasks at a time",
  "-a": "give --max-running for the number of tasks at a time",
  "--job-name": "tasks are found again by their name",
  "-J": "tasks are found again by their name",
  "--output": "logs go into the batch's folder",
  "-o": "logs go into the batch's folder",
  "--error": "logs go into the batch's folder",
  "-e": "logs go into the batch's folder",
  "--open-mode": "logs are appended to, so that a task that is requeued keeps what it said before",
  "--chdir": "tasks work where the batch was called",
  "-D": "tasks work where the batch was called",
  "--parsable": "its output is read already",
  "--wait": "tasks are followed already",
  "-W": "tasks are followed already",
  "--wrap": "the command is cosnet's own; lines before it are given by --setup",
  "--test-only": "nothing would be submitted",
  "--clusters": "run cosnet where the other cluster is the default, or set SLURM_CONF to its slurm.conf",
  "-M": "run cosnet where the other cluster is the default, or set SLURM_CONF to its slurm.conf",
  "--help": "see man sbatch",
  "-h": "see man sbatch",
  "--usage": "see man sbatch",
  "--version": "see man sbatch",
  "-V": "see man sbatch",
};

/**
 * The options of sbatch that these settings come to, each as one line without "#SBATCH".
 * @throws ConfigError for an option that is none, or that is cosnet's to give.
 */
export function siteOptions(settings: SlurmSettings): string[] {
  const { partition, account, qos, time, constraint, gres, options = [] } = settings;
  const named = Object.entries({ partition, account, qos, time, constraint, gres });
  const lines = named.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${sbatchWord(value)}`]));
  return [...lines, ...options.map(checkedOption)];
}

/** Whether the site's options say how much memory, so that what is expected of the units must not be said as well. */
export function saysMemory(settings: SlurmSettings): boolean {
  return settings.options?.some((option) => /^--mem(-per-(cpu|gpu))?(=|\s|$)/.test(option.trim())) ?? false;
}

/** How many cores the site's options give a task, where they say it. */
export function cpusPerTask({ options = [] }: SlurmSettings): number | undefined {
  const said = options.flatMap((option) => /^(?:--cpus-per-task(?:=|\s+)|-c\s*)(\d+)$/.exec(option.trim())?.[1] ?? []);
  return said.length === 0 ? undefined : Number(said.at(-1));
}

/** Bytes of a memory as sbatch takes it: "16G", or a number of megabytes. @throws ConfigError */
export function memoryBytesOf(text: string): number {
  const [, digits, unit = "M"] = /^(\d+)([KMGT])?B?$/i.exec(text) ?? [];
  if (digits === undefined || Number(digits) === 0)
    throw new ConfigError(`"${text}" is not an amount of memory`, {
      where: "--memory",
      hint: "Give megabytes, or a number and K, M, G or T: 16G.",
    });
  return Number(digits) * 1024 ** (1 + "KMGT".indexOf(unit.toUpperCase()));
}

/** A value as a line of #SBATCH takes it: quoted where it holds more than plain characters. */
export function sbatchWord(text: string): string {
  return /^[\w.,:/@%=+\-[\]&|*!()]+$/.test(text) ? text : `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

function checkedOption(option: string): string {
  const text = option.trim();
  const [, name = ""] = /^(--[a-z][a-z-]*|-[A-Za-z])/.exec(text) ?? [];
  if (name === "" || /[\r\n]/.test(text))
    throw new ConfigError(`"${option}" is not an option of sbatch`, {
      where: "--slurm-option",
      hint: 'Give it as sbatch takes it, with its dashes: --slurm-option "--exclude=n17".',
    });
  const reason = OWN_OPTIONS[name];
  if (reason !== undefined) throw new ConfigError(`${name} cannot be given: ${reason}`, { where: "--slurm-option" });
  return text;
}
