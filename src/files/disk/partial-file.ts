import { appendFile, readFile, rm, stat } from "node:fs/promises";
import { failing, writeFileAtomic } from "./disk.js";

/** A file that arrives piece by piece, perhaps over several runs, with a note beside it of which file it is a part of. */
export interface PartialFile {
  /** What is there so far; the note is "" where there is none. */
  present(): Promise<{ readonly byteLength: number; readonly note: string }>;
  /** Starts again from nothing. @throws FileError */
  begin(note: string): Promise<void>;
  /** @throws FileError */
  append(bytes: Uint8Array): Promise<void>;
  read(): Promise<Uint8Array>;
  discard(): Promise<void>;
}

/** The partial file at `path`; its note lies in `path`.etag. */
export function partialFile(path: string): PartialFile {
  const noteFile = `${path}.etag`;
  const discard = async () => {
    await rm(path, { force: true });
    await rm(noteFile, { force: true });
  };
  const append = (bytes: Uint8Array) => appendFile(path, bytes).catch(failing(path, "written"));
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
