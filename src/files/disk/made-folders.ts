import { rmdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Folders that were made for results, each with the topmost of its parents that was made for it. */
const madeFolders = new Map<string, string>();
process.on("exit", removeEmptyMadeFolders);

/**
 * Notes that a folder was made: should it be empty when the process ends, because the work failed before it wrote anything, it is
 * removed, and so are the parents that were made for it.
 * @param topmost what `mkdir` gives: the first folder that had to be made; nothing is noted where there was none.
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
