import { appendFile, readFile, rm, stat } from "node:fs/promises";
import { fileError, writeFileAtomic } from "./disk.js";

/** A file that comes piece by piece, in several runs perhaps, with a note beside it of what it is the beginning of. */
export interface PartialFile {
  /** What is there so far; the note is "" where there is none. */
  present(): Promise<{ readonly byteLength: number; readonly note: string }>;
  /** Begins anew. @throws FileError */
  begin(note: string): Promise<void>;
  /** @throws FileError */
  append(bytes: Uint8Array): Promise<void>;
  read(): Promise<Uint8Array>;
  discard(): Promise<void>;
}

export function partialFile(path: string): PartialFile {
  const noteFile = `${path}.etag`;
  const discard = async () => {
    await rm(path, { force: true });
    await rm(noteFile, { force: true });
  };
  const append = (bytes: Uint8Array) =>
    appendFile(path, bytes).catch((cause) => {
      throw fileError(path, "written", cause);
    });
  return {
    async present() {
      const { size } = await stat(path).catch(() => ({ size: 0 }));
      return { byteLength: size, note: size > 0 ? await readFile(noteFile, "utf8").catch(() => "") : "" };
    },
    async begin(note) {
      await discard();
      if (note !== "") await writeFileAtomic(noteFile, note);
      await append(new Uint8Array());
    },
    append,
    read: async () => new Uint8Array(await readFile(path)),
    discard,
  };
}
