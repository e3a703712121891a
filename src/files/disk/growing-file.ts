import { open, rename } from "node:fs/promises";
import { failing } from "./disk.js";
import { removedAfterUse, temporaryPath } from "./temporary.js";

/** A file too large to build in memory, written piece by piece out of sight. Disposal removes it unless it was finished. */
export interface GrowingFile extends AsyncDisposable {
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
    async write(bytes, position = end) {
      for (let done = 0; done < bytes.byteLength; ) {
        const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, position + done).catch(failed);
        done += bytesWritten;
      }
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
