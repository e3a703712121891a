import { rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { FileError } from "../../errors.js";
import {
  ensureWritableFolder,
  type FileContent,
  failing,
  fileError,
  refuseToOverwrite,
  writeFileAtomic,
} from "./disk.js";
import { makeFolder } from "./made-folders.js";
import { nameFinished, removedAfterUse, temporaryPath } from "./temporary.js";

/** The files of one result: all of them appear in the folder, or none does and what was there before is untouched. */
export interface StagedFiles {
  /** Writes a file, whose name may hold folders, out of sight. @throws FileError, AbortError; what making a piece throws. */
  write(name: string, content: FileContent, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** The same for a file that is too large for memory. @throws FileError; what `chunks` throws. */
  writeChunks(name: string, chunks: Iterable<Uint8Array>): Promise<void>;
  /**
   * Where to write a file or folder that is too large to be handed over whole; it counts as written once this has been
   * called. @throws FileError
   */
  reserve(name: string): Promise<string>;
}

/** How a result is told to be there. */
interface WholeResult {
  /**
   * The file whose presence says that the result is whole: the last to appear and, where an earlier result is replaced, the first
   * to go. So a process that is killed while files are renamed never leaves what passes for a result.
   */
  readonly lastFile?: string;
  /** Replace an earlier result; otherwise it is an error that `lastFile` is there. */
  readonly overwrite?: boolean | undefined;
}

/**
 * Gives `work` an output folder, made if need be, and a way to write into it that shows nothing before all is done: files
 * collect in a hidden folder beside it, and are renamed in the order in which they were written (but `lastFile` last) once `work`
 * has ended. When it fails or is aborted they are removed, and so are the folders that were made for them.
 * @throws ConfigError when the result is there already and may not be replaced; FileError when the folder cannot be written to;
 * what `work` throws.
 */
export async function withStagedFiles<T>(
  folder: string,
  { lastFile, overwrite = false }: WholeResult,
  work: (files: StagedFiles) => Promise<T>,
): Promise<T> {
  if (lastFile !== undefined) await refuseToOverwrite(join(folder, lastFile), { overwrite });
  const firstMade = await ensureWritableFolder(folder);
  const staging = await temporaryPath(join(folder, "cosnet"));
  await using leftover = removedAfterUse(staging);
  const names = new Set<string>();
  const reserved = new Set<string>();
  const reserve = async (name: string) => {
    const path = join(staging, name);
    await makeParent(path);
    names.add(name);
    reserved.add(name);
    return path;
  };
  try {
    const result = await work({
      async write(name, content, options) {
        const path = join(staging, name);
        await makeParent(path);
        await writeFileAtomic(path, content, options).catch((error) => {
          throw error instanceof FileError ? fileError(join(folder, name), "written", error.cause ?? error) : error;
        });
        names.add(name);
      },
      async writeChunks(name, chunks) {
        await writeFile(await reserve(name), chunks).catch((cause) => {
          throw cause instanceof Error && "code" in cause ? fileError(join(folder, name), "written", cause) : cause;
        });
      },
      reserve,
    });
    if (lastFile !== undefined) await rm(join(folder, lastFile), { force: true });
    if (lastFile !== undefined && names.delete(lastFile)) names.add(lastFile);
    for (const name of names) {
      const path = join(folder, name);
      await makeParent(path);
      const put = reserved.has(name) ? nameFinished : rename; // a folder cannot be renamed onto another
      await put(join(staging, name), path).catch(failing(path, "written"));
    }
    return result;
  } catch (error) {
    await leftover[Symbol.asyncDispose](); // or the folders are not empty
    if (firstMade !== undefined) await removeEmptyFolders(folder, firstMade);
    throw error;
  }
}

async function makeParent(path: string): Promise<void> {
  await makeFolder(dirname(path)).catch(failing(dirname(path), "written to"));
}

/** Removes `folder` and its parents up to `last`, as far as they are empty. */
async function removeEmptyFolders(folder: string, last: string): Promise<void> {
  try {
    for (let path = resolve(folder); path.length >= resolve(last).length; path = dirname(path)) await rmdir(path);
  } catch {} // this one holds something
}
