/** The project from one visit to the next. */
import { dirname } from "pathe";
import { FileError } from "../../../errors.js";
import type { FileLike } from "../../protocol/index.js";
import { setKeeping } from "../file-system/keep-files.js";
import { mountAt, restoreFile } from "../file-system/mount.js";
import { mkdir } from "../node/file-system-promises.js";
import { type Database, openDatabase } from "./database.js";
import { createChangeFinder } from "./kept-tree.js";

export interface Keeping {
  /** Resolves when all files of the project, as they are now, are kept. @throws FileError */
  keep(): Promise<void>;
  /** So that the next visit finds a tomogram again. @throws FileError */
  keepMounted(path: string, file: FileLike): Promise<void>;
}

/**
 * Puts the files of an earlier visit into the tree, and keeps those of this one.
 * @param leaveOut folders of the project of which nothing is kept, because they can be made again
 */
export async function keepProject(folder: string, leaveOut: readonly string[]): Promise<Keeping> {
  const database = await openDatabase();
  await restore(database);
  const finder = createChangeFinder(folder, (path) => leaveOut.includes(path));
  finder.changes();
  let last: Promise<void> = Promise.resolve();

  const keepNow = async (): Promise<void> => {
    const changes = finder.changes();
    if (changes.put.size === 0 && changes.remove.length === 0) return;
    try {
      await database.changeFiles(changes);
    } catch (cause) {
      finder.forget();
      throw notKept(folder, cause);
    }
  };
  const keep = (): Promise<void> => {
    const kept = last.then(keepNow);
    last = kept.catch(() => {});
    return kept;
  };
  setKeeping(keep);
  return {
    keep,
    async keepMounted(path, file) {
      await database.keepMounted(path, file).catch((cause) => {
        throw notKept(path, cause);
      });
    },
  };
}

async function restore(database: Database): Promise<void> {
  for (const [path, { bytes, modified }] of await database.files()) {
    await mkdir(dirname(path), { recursive: true });
    restoreFile(path, bytes, modified);
  }
  for (const [path, file] of await database.mounted()) mountAt(path, file);
}

function notKept(path: string, cause: unknown): FileError {
  const reason = cause instanceof Error && cause.name === "QuotaExceededError" ? "its storage is full" : String(cause);
  return new FileError(`the browser did not keep it: ${reason}`, path, {
    cause,
    hint: "Export what you need before you close the page, and make room on the disk.",
  });
}
