import { shellWord } from "../../../command-text/index.js";
import type { BatchUnit } from "../executor.js";
import { sbatchWord } from "./settings.js";

/** What one job array is to do. */
export interface BatchScript {
  readonly jobName: string;
  /** Index in the array and index here are the same. */
  readonly units: readonly BatchUnit[];
  /** The words that start cosnet. */
  readonly program: readonly string[];
  /** Threads of each task. */
  readonly threads: number;
  /** Undefined where the site's options say it. */
  readonly memory: string | undefined;
  /** At most this many tasks of it at a time. */
  readonly throttle: number | undefined;
  /** Lines of the site's own, which count more than those before. */
  readonly siteOptions: readonly string[];
  /** Lines of shell before the command. */
  readonly setup: readonly string[];
  /** Folder of logs, absolute. */
  readonly logFolder: string;
  /** Where tasks work, absolute. */
  readonly workingFolder: string;
  /** This file, absolute: tasks that begin when it is no longer there end at once. */
  readonly path: string;
}

/**
 * A job array as sbatch takes it. The command replaces the shell, so that the signals by which Slurm asks a task to end (scancel,
 * a time limit, preemption) reach it: a shell that waits for a child hears of them only when the child has ended.
 */
export function batchScriptText(script: BatchScript): string {
  const { jobName, units, program, threads, memory, throttle, siteOptions, setup, logFolder, path } = script;
  const indices = `0-${units.length - 1}${throttle === undefined ? "" : `%${throttle}`}`;
  const options = [
    `--job-name=${jobName}`,
    `--array=${indices}`,
    `--output=${sbatchWord(`${logFolder.replaceAll("%", "%%")}/%A_%a.log`)}`,
    "--open-mode=append",
    `--chdir=${sbatchWord(script.workingFolder)}`,
    "--requeue",
    "--ntasks=1",
    `--cpus-per-task=${threads}`,
    ...(memory === undefined ? [] : [`--mem=${memory}`]),
    ...siteOptions,
  ];
  const cases = units.map(({ args }, i) => `${i}) set -- ${args.map(shellWord).join(" ")} ;;`);
  return `#!/bin/bash
# Written by cosnet. By hand: sbatch ${shellWord(path)}
${options.map((option) => `#SBATCH ${option}`).join("\n")}

# cosnet removes this file when others have been submitted in its place.
[ -e ${shellWord(path)} ] || exit 0
echo "== $(date '+%F %T'), $(hostname), job \${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID, restart \${SLURM_RESTART_COUNT:-0}"
${[...setup, ""].join("\n")}case $SLURM_ARRAY_TASK_ID in
${cases.join("\n")}
*) exit 0 ;;
esac
exec ${program.map(shellWord).join(" ")} "$@" --threads "\${SLURM_CPUS_PER_TASK:-${threads}}"
`;
}
