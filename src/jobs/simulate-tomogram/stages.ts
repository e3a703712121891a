import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../../errors.js";
import { ensureWritableFolder, fileExists, writeFileAtomic } from "../../files/disk/index.js";

/** Time and size of a stage, as measured; not part of what is reproducible. */
export interface StageTime {
  readonly stage: string;
  readonly seconds: number;
  /** Memory of the whole process at its end. */
  readonly megabytes: number;
}

/**
 * Which stages of a job have their files in a folder. A stage counts only when all its files are there, because it is
 * noted after them; one that was broken off is done again from its beginning.
 */
export interface Stages {
  isDone(stage: string): boolean;
  /** Runs a stage unless it is done, times it, and notes it. */
  run(stage: string, work: () => Promise<void>): Promise<void>;
  readonly times: readonly StageTime[];
}

const FILE = "stages.json";

interface Noted {
  fingerprint: string;
  done: string[];
}

/**
 * @throws ConfigError when the folder holds another job's stages (unless `overwrite`, which forgets and removes what is
 * listed in `remove`), FileError.
 */
export async function openStages(
  folder: string,
  { fingerprint, overwrite, remove }: { fingerprint: string; overwrite: boolean; remove: readonly string[] },
): Promise<Stages> {
  await ensureWritableFolder(folder);
  const path = join(folder, FILE);
  let noted: Noted = { fingerprint, done: [] };
  if (await fileExists(path)) {
    const earlier = await readNoted(path);
    if (earlier?.fingerprint === fingerprint && !overwrite) noted = earlier;
    else if (!overwrite)
      throw new ConfigError(`${folder} holds a tomogram made with other parameters or structures`, {
        hint: "Choose another folder, or allow overwriting.",
      });
    else for (const name of remove) await rm(join(folder, name), { recursive: true, force: true });
  }
  await removeUnfinished(folder);
  await writeFileAtomic(path, text(noted));
  const times: StageTime[] = [];
  return {
    times,
    isDone: (stage) => noted.done.includes(stage),
    async run(stage, work) {
      if (noted.done.includes(stage)) return;
      const start = performance.now();
      await work();
      noted.done.push(stage);
      await writeFileAtomic(path, text(noted));
      const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
      times.push({ stage, seconds, megabytes: Math.round(process.memoryUsage().rss / 1e6) });
    },
  };
}

/** What a killed process had begun to write, hundreds of megabytes perhaps. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (/^\..+\.[0-9a-f]{12}\.tmp$|\.ome\.zarr\.tmp$/.test(entry.name))
      await rm(path, { recursive: true, force: true });
    else if (entry.isDirectory() && !entry.name.endsWith(".zarr")) await removeUnfinished(path);
  }
}

async function readNoted(path: string): Promise<Noted | undefined> {
  try {
    const value = JSON.parse(await readFile(path, "utf8")) as Partial<Noted>;
    return typeof value.fingerprint === "string" && Array.isArray(value.done) ? (value as Noted) : undefined;
  } catch {
    return undefined; // damaged: as if it were another job's
  }
}

function text(noted: Noted): string {
  return `${JSON.stringify(noted, null, 2)}\n`;
}
