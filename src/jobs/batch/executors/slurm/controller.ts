/** Slurm's commands, as a program calls them. */
import { spawn } from "node:child_process";
import { ConfigError } from "../../../../errors.js";
import { type ListedTask, parseTasks, TASK_FORMAT } from "./task-state.js";

/** What the controller says, or why it says nothing: it is down, busy or being restarted. */
export type Answer<T> = { readonly answered: T } | { readonly unanswered: string };

/** What became of a submission. */
type Submitted =
  | { readonly kind: "submitted"; readonly jobId: number }
  /** Whether the controller has it is not known. */
  | { readonly kind: "unanswered"; readonly text: string }
  /** The user has too many jobs already, or all users have. */
  | { readonly kind: "full"; readonly text: string }
  | { readonly kind: "refused"; readonly text: string };

/** What is said when the controller has not heard, or may have heard and not answered in time. */
const UNANSWERED =
  /unable to contact|connect failure|connection refused|timed out|zero bytes|communication|send\/recv|try again|munge/i;
/** Limits of how much may be submitted, not of what. */
const LIMITED = /submit ?limit|MaxSubmit|MaxJobCount|temporarily unable|temporarily unavailable/i;

/** @throws ConfigError when Slurm's commands are not installed. */
export async function submitScript(path: string): Promise<Submitted> {
  // sbatch itself would try again for two minutes, in which nothing else is done here
  const { code, output, errors } = await call("sbatch", ["--parsable", path], /sleeping and retrying/);
  // A site's greeting may come first, and the name of a cluster after a semicolon.
  const [, jobId] = /^(\d+)(?:;.*)?$/m.exec(output) ?? [];
  if (code === 0 && jobId !== undefined) return { kind: "submitted", jobId: Number(jobId) };
  const text = errorText(errors, output.trim() || `sbatch ended with exit code ${code}`);
  if (LIMITED.test(errors)) return { kind: "full", text };
  return { kind: UNANSWERED.test(errors) || code === null ? "unanswered" : "refused", text };
}

/** All tasks of jobs by these names that Slurm still knows, ended ones too. @throws ConfigError */
export async function listTasks(jobNames: readonly string[]): Promise<Answer<readonly ListedTask[]>> {
  if (jobNames.length === 0) return { answered: [] }; // Slurm would take no name for any
  const { code, output, errors } = await call("squeue", [
    ...["--noheader", "--array", "--states=all"],
    `--user=${process.getuid?.() ?? 0}`,
    `--name=${jobNames.join(",")}`,
    `--format=${TASK_FORMAT}`,
  ]);
  return code === 0 ? { answered: parseTasks(output) } : { unanswered: errorText(errors, "no answer") };
}

/** Most tasks of a job array, whose indices begin with 0. @throws ConfigError */
export async function maximumArraySize(): Promise<Answer<number>> {
  const { output, errors } = await call("scontrol", ["show", "config"]);
  const [, indices] = /^MaxArraySize *= (\d+)/m.exec(output) ?? [];
  if (indices === undefined) return { unanswered: errorText(errors, "no answer") };
  const [, tasks = indices] = /\bmax_array_tasks=(\d+)/.exec(output) ?? [];
  return { answered: Math.min(Number(indices), Number(tasks)) };
}

/** Lets another number of tasks of an array run at a time; whether Slurm has done so. @throws ConfigError */
export async function changeThrottle(jobId: number, throttle: number): Promise<boolean> {
  const { code } = await call("scontrol", ["update", `JobId=${jobId}`, `ArrayTaskThrottle=${throttle}`]);
  return code === 0;
}

/** Cancels tasks, "12_3", or whole jobs, "12"; those that have ended are no error. @throws ConfigError */
export async function cancelJobs(ids: readonly string[]): Promise<Answer<undefined>> {
  const { code, errors } = await call("scancel", ["--quiet", ...ids]);
  return UNANSWERED.test(errors) || code === null
    ? { unanswered: errorText(errors, "no answer") }
    : { answered: undefined };
}

interface CallResult {
  /** null when it was ended before it ended by itself. */
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A controller that is busy takes a minute; of one that is down the commands say so after ten seconds. */
const LONGEST_CALL_MILLISECONDS = 150_000;

/**
 * @param enough what it says on standard error when it need not go on.
 * @throws ConfigError when the command is not installed.
 */
function call(command: string, words: readonly string[], enough?: RegExp): Promise<CallResult> {
  return new Promise((resolve, reject) => {
    // In a group of its own, so that Ctrl-C in the terminal does not end a submission half-way.
    const child = spawn(command, words, {
      env: plainEnvironment(),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: LONGEST_CALL_MILLISECONDS,
    });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      errors += text;
      if (enough?.test(errors)) child.kill();
    });
    child.on("error", (cause) => {
      const hint =
        "Run this where jobs are submitted to Slurm, on a login node say; without --executor slurm it needs none.";
      reject(new ConfigError(`${command} cannot be run: ${cause.message}`, { cause, hint }));
    });
    child.on("close", (code) => resolve({ code, output, errors }));
  });
}

/** Variables that would change what squeue lists or what the scripts ask for. */
const CHANGING = /^(SQUEUE_|SCANCEL_|SBATCH_(ARRAY_INX|CLUSTERS|JOB_NAME|NO_REQUEUE|OPEN_MODE|WAIT)$)/;

/**
 * The environment without such variables, and without those of a job in which this itself runs (SLURM_MEM_PER_NODE), which would be
 * handed on. SBATCH_ACCOUNT, SBATCH_PARTITION and the like stay: that is how sites and users set them.
 */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = (name: string) => name === "SLURM_CONF" || !(name.startsWith("SLURM_") || CHANGING.test(name));
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => kept(name)));
}

/** What a command says went wrong, without its own name and its advice to ask it for help. */
function errorText(errors: string, fallback: string): string {
  const lines = errors.split("\n").map((line) => line.replace(/^s[a-z]+: (error: )?/, "").trim());
  const text = lines.filter((line) => line !== "" && !line.startsWith("Try ")).join("; ");
  return text === "" ? fallback : text;
}
