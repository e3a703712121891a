import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../../errors.js";
import { ensureWritableFolder, writeFileAtomic } from "./disk.js";
import { readJson } from "./json.js";
import { removeLeftovers } from "./temporary.js";
import { removeFolder } from "./work-folder.js";

/** Time and memory that a stage took, as measured: the one thing that is not reproducible. */
export interface StageTime {
  readonly stage: string;
  /** From the end of the stage before where this one began earlier: all stages together take the sum. */
  readonly seconds: number;
  /** Memory of the whole process at its end. */
  readonly megabytes: number;
}

/**
 * Which stages of a job have their files in a folder. A stage counts only when all its files are there, because it is
 * noted after them; one that was interrupted is done again from its beginning.
 */
export interface StageRecord {
  /** Runs a stage unless it is done, times it, and notes it. */
  run(stage: string, work: () => Promise<void>): Promise<void>;
  /** Of those that ran now. */
  readonly times: readonly StageTime[];
  /** Of those that an earlier run has done. */
  readonly earlierTimes: readonly StageTime[];
}

interface Noted {
  readonly fingerprint: string;
  readonly done: string[];
}

interface OpenStagesOptions {
  /** What two runs must share for one to continue from the other's files. */
  readonly fingerprint: string;
  /** What the folder holds when the fingerprint is another: "a tomogram made with other parameters". */
  readonly other: string;
  /** Forget another job's stages, and remove the folders in `remove`. */
  readonly overwrite: boolean;
  readonly remove: readonly string[];
}

/**
 * The record of a job in `folder`/stages.json, and of the times of all its stages, over all runs, in `folder`/timings.json; removes
 * what a killed run had begun to write.
 * @throws ConfigError when the folder holds another job's stages and must not be overwritten, FileError.
 */
export async function openStages(folder: string, options: OpenStagesOptions): Promise<StageRecord> {
  const { fingerprint, other, overwrite, remove } = options;
  await ensureWritableFolder(folder);
  const path = join(folder, "stages.json");
  const earlier = await readJson(path);
  const same = isNoted(earlier) && earlier.fingerprint === fingerprint;
  if (earlier !== undefined && !overwrite && !same)
    throw new ConfigError(`${folder} holds ${other}`, { hint: "Choose another folder, or allow overwriting." });
  if (earlier !== undefined && overwrite) for (const name of remove) await removeFolder(join(folder, name));
  await removeUnfinished(folder);
  const done = same && !overwrite ? earlier.done : [];
  const note = () => writeFileAtomic(path, `${JSON.stringify({ fingerprint, done } satisfies Noted, null, 2)}\n`);
  await note();
  const times: StageTime[] = [];
  let lastEnd = 0;
  const timesPath = join(folder, "timings.json");
  const noted = await readJson(timesPath);
  const earlierTimes = Array.isArray(noted) ? (noted as StageTime[]).filter((time) => done.includes(time?.stage)) : [];
  return {
    times,
    earlierTimes,
    async run(stage, work) {
      if (done.includes(stage)) return;
      const start = performance.now();
      await work();
      const end = performance.now();
      const seconds = Number(((end - Math.max(start, lastEnd)) / 1000).toFixed(2));
      lastEnd = end;
      times.push({ stage, seconds, megabytes: Math.round(process.memoryUsage().rss / 1e6) });
      await writeFileAtomic(timesPath, `${JSON.stringify([...earlierTimes, ...times], null, 2)}\n`);
      done.push(stage);
      await note();
    },
  };
}

function isNoted(value: unknown): value is Noted {
  const { fingerprint, done } = (value ?? {}) as Partial<Noted>;
  return typeof fingerprint === "string" && Array.isArray(done);
}

/** What a killed process had begun to write, hundreds of megabytes perhaps; by earlier versions, too. */
async function removeUnfinished(folder: string): Promise<void> {
  await removeLeftovers(folder);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (/^\..+\.[0-9a-f]{12}\.tmp$|\.ome\.zarr\.tmp$/.test(entry.name)) await removeFolder(path);
    else if (entry.isDirectory() && !entry.name.endsWith(".zarr")) await removeUnfinished(path);
  }
}
