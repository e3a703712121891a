import { rmdirSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Folders that were made for results, each with the topmost of its parents that was made for it. */
const madeFolders = new Map<string, string>();
process.on("exit", removeEmptyMadeFolders);

/**
 * Makes a folder, and before it those that it lies in; one that is there is left alone. Node's `recursive` is not used: it never ends
 * where a folder that exists refuses to have anything made in it as if it did not, as /proc and automatic mounts do, and gives that
 * reason for disks that are read-only.
 * @returns the first folder that had to be made, if any.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  const folder = resolve(path);
  try {
    return (await isNewFolder(folder)) ? folder : undefined;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT" || dirname(folder) === folder) throw cause;
  }
  const first = await makeFolder(dirname(folder));
  return (await isNewFolder(folder)) ? (first ?? folder) : first;
}

/** Makes a folder whose parent is there; false where it was there itself. */
async function isNewFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (cause) {
    const known = await stat(folder).catch(() => undefined);
    if (known?.isDirectory()) return false;
    throw cause;
  }
}

/**
 * Notes that a folder was made: should it be empty when the process ends, because the work failed before it wrote anything, it is
 * removed, and so are the parents that were made for it.
 * @param topmost what `makeFolder` gives: the first folder that had to be made; nothing is noted where there was none.
 */
export function removedIfEmpty(path: string, topmost: string | undefined): void {
  if (topmost !== undefined) madeFolders.set(resolve(path), resolve(topmost));
}

/** Removes the noted folders that are empty; the others hold results. */
export function removeEmptyMadeFolders(): void {
  for (const [folder, topmost] of [...madeFolders].reverse()) {
    try {
      for (let path = folder; path.length >= topmost.length; path = dirname(path)) rmdirSync(path);
    } catch {} // this one holds something, or is gone
  }
  madeFolders.clear();
}
