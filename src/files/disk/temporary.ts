/** Names of files that are being written, which say whose they are, so that what a killed process left can be told and removed. */
import { createHash, randomBytes } from "node:crypto";
import { readlinkSync, rmSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

/** Temporary files and folders being written; removed should the process end before they have their final name. */
const unfinished = new Set<string>();
process.on("exit", () => {
  for (const path of unfinished) rmSync(path, { force: true, recursive: true });
});

/** A temporary file or folder: removed, if it still has this name, when disposed of or when the process ends before. */
export function removedAfterUse(path: string): AsyncDisposable {
  unfinished.add(path);
  return {
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true }).catch(() => {});
      unfinished.delete(path);
    },
  };
}

/**
 * Gives a finished file or folder its name. A folder that had the name steps aside before it is removed, because removing takes time:
 * whoever is killed meanwhile never leaves a part of it under that name.
 */
export async function nameFinished(finished: string, path: string): Promise<void> {
  const aside = await temporaryPath(path);
  await using _ = removedAfterUse(aside);
  await rename(path, aside).catch((cause) => {
    if (cause.code !== "ENOENT") throw cause;
  });
  await rename(finished, path);
}

/** Process ids mean something on this machine and, in a container, among its processes only. */
export const HOST = createHash("sha256").update(`${hostname()} ${processNamespace()}`).digest("hex").slice(0, 8);
const START = Math.round(performance.timeOrigin).toString(36);
const OWNED = /^\..*\.([0-9a-f]{8})-(\d{1,10})-([0-9a-z]{1,12})-[0-9a-f]{12}\.tmp$/;
const sweptFolders = new Set<string>();

/**
 * A hidden path beside `path` to write it under until it is whole. The first one in each folder also removes what processes of
 * this machine that no longer run have left there.
 */
export async function temporaryPath(path: string): Promise<string> {
  const folder = dirname(path);
  const known = resolve(folder);
  if (!sweptFolders.has(known)) {
    sweptFolders.add(known);
    await removeLeftovers(folder);
  }
  const owner = `${HOST}-${process.pid}-${START}-${randomBytes(6).toString("hex")}`;
  return join(folder, `.${basename(path).slice(0, 40)}.${owner}.tmp`);
}

/** Removes the temporary files and folders right in a folder that belong to dead processes of this machine. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [, host, pid, start] = OWNED.exec(name) ?? [];
    if (host === HOST && !isRunning(Number(pid), start!))
      await rm(join(folder, name), { recursive: true, force: true }).catch(() => {}); // another's: theirs to remove
  }
}

/** Whether the process still runs; one that took over its number counts, unless that is this one. */
function isRunning(pid: number, start: string): boolean {
  if (pid === process.pid) return start === START;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** On Linux, what tells a container's processes from another's. */
function processNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
