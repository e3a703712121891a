import { type FileHandle, open, rename } from "node:fs/promises";
import { throwIfAborted } from "../../errors.js";
import type { Progress } from "../../progress.js";
import { failing, openRandomAccess } from "./disk.js";
import { removedAfterUse, temporaryPath } from "./temporary.js";

/** A file too large to build in memory, written piece by piece out of sight. Disposal removes it unless it was finished. */
export interface GrowingFile extends AsyncDisposable {
  /** Where it is until it has its name: other threads may write there meanwhile, see `openGrowingFile`. */
  readonly unfinishedPath: string;
  /** At the end of what was written, or at a position of its own. @throws FileError */
  write(bytes: Uint8Array, position?: number): Promise<void>;
  /** Gives the file its name. @throws FileError */
  finish(): Promise<void>;
}

/** @throws FileError */
export async function createGrowingFile(path: string): Promise<GrowingFile> {
  const temporary = await temporaryPath(path);
  const failed = failing(path, "written");
  const file = await open(temporary, "w").catch(failed);
  const leftover = removedAfterUse(temporary);
  let end = 0;
  return {
    unfinishedPath: temporary,
    async write(bytes, position = end) {
      await writeAt(file, bytes, position).catch(failed);
      end = Math.max(end, position + bytes.byteLength);
    },
    async finish() {
      await file.close();
      await rename(temporary, path).catch(failed);
    },
    async [Symbol.asyncDispose]() {
      await file.close(); // once more does no harm
      await leftover[Symbol.asyncDispose]();
    },
  };
}

/**
 * Writes to the growing file of another thread, at positions that nobody else writes to.
 * @throws FileError
 */
export async function openGrowingFile(
  unfinishedPath: string,
): Promise<{ write(bytes: Uint8Array, position: number): Promise<void> } & AsyncDisposable> {
  const failed = failing(unfinishedPath, "written");
  const file = await open(unfinishedPath, "r+").catch(failed);
  return {
    write: (bytes, position) => writeAt(file, bytes, position).catch(failed),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, position + done);
    done += bytesWritten;
  }
}

/** Bytes of a copy that are in memory at a time. */
const COPIED_AT_ONCE = 1 << 24;

/** A copy of a file, whole or not there. @throws FileError, AbortError */
export async function copyFileAtomic(
  from: string,
  path: string,
  { signal }: Pick<Progress, "signal"> = {},
): Promise<void> {
  await using source = await openRandomAccess(from);
  await using copy = await createGrowingFile(path);
  for (let done = 0; done < source.byteLength; done += COPIED_AT_ONCE) {
    throwIfAborted(signal);
    await copy.write(await source.read(done, Math.min(COPIED_AT_ONCE, source.byteLength - done)));
  }
  await copy.finish();
}
