/** Which files of the tree have changed since they were last kept. */
import { join } from "pathe";
import { MemoryContent } from "../file-system/memory-content.js";
import { existingFolder, type FileNode, type FolderNode, isFolder } from "../file-system/tree.js";
import type { FileChanges, KeptFile } from "./database.js";

interface Seen {
  readonly content: FileNode["content"];
  readonly revision: number;
}

export interface ChangeFinder {
  /** What has changed since this was last asked; it counts as kept from now on. */
  changes(): FileChanges;
  /** To be told again: it could not be kept. */
  forget(): void;
}

/** Of the files below `folder` but hidden ones, which are unfinished, and those in folders that `leaveOut` names. */
export function createChangeFinder(folder: string, leaveOut: (path: string) => boolean): ChangeFinder {
  let seen = new Map<string, Seen>();
  return {
    changes() {
      const now = new Map<string, Seen>();
      const put = new Map<string, KeptFile>();
      for (const [path, { content, modified }] of filesIn(existingFolder(folder, "keep"), folder, leaveOut)) {
        if (!(content instanceof MemoryContent)) continue;
        const before = seen.get(path);
        now.set(path, { content, revision: content.revision });
        if (before?.content === content && before.revision === content.revision) continue;
        put.set(path, { bytes: content.whole(), modified });
      }
      const remove = [...seen.keys()].filter((path) => !now.has(path));
      seen = now;
      return { put, remove };
    },
    forget() {
      seen = new Map();
    },
  };
}

function* filesIn(
  folder: FolderNode,
  path: string,
  leaveOut: (path: string) => boolean,
): Generator<[string, FileNode]> {
  for (const [name, node] of folder.entries) {
    const place = join(path, name);
    if (name.startsWith(".") || leaveOut(place)) continue;
    if (isFolder(node)) yield* filesIn(node, place, leaveOut);
    else yield [place, node];
  }
}
