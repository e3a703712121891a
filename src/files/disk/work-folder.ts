/** Where a long job keeps what it has done, so that one that was stopped continues from there. */
import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open, readFile, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { failing } from "./disk.js";
import { makeFolder, removedIfEmpty } from "./made-folders.js";
import { removedAfterUse, temporaryPath } from "./temporary.js";

const NEWLINE = 0x0a;

/** A file of records that a job appends one by one. */
export interface WorkNotes extends AsyncDisposable {
  /** What an earlier run wrote, in bytes. */
  readonly earlierBytes: number;
  /** All records so far. @throws FileError */
  read(): Promise<Uint8Array>;
  /** @throws FileError */
  append(record: Uint8Array | string): Promise<void>;
  /** Appends, and resolves when the record is on the disk; one that does not get there leaves nothing behind. @throws FileError */
  keep(record: Uint8Array | string): Promise<void>;
}

/**
 * Opens notes, new or an earlier run's, to continue after their last whole record: one that was being written when the program
 * ended is cut off.
 * @param record bytes of a record, or `"line"`
 * @throws FileError when the file cannot be written.
 */
export async function openWorkNotes(path: string, record: number | "line"): Promise<WorkNotes> {
  const writing = <T>(step: Promise<T>): Promise<T> => step.catch(failing(path, "written"));
  const file = await writing(open(path, "a"));
  const cut = async (): Promise<number> => {
    const { size } = await file.stat();
    const whole = record === "line" ? (await readFile(path)).lastIndexOf(NEWLINE) + 1 : size - (size % record);
    if (whole < size) await file.truncate(whole);
    return whole;
  };
  const earlierBytes = await writing(cut()).catch(async (error) => {
    await file.close();
    throw error;
  });
  return {
    earlierBytes,
    read: () => writing(readFile(path)),
    append: (bytes) => writing(file.appendFile(bytes)),
    keep: (bytes) => writing(kept(file, bytes)),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

async function kept(file: FileHandle, bytes: Uint8Array | string): Promise<void> {
  const { size } = await file.stat();
  try {
    await file.appendFile(bytes);
    await file.datasync();
  } catch (cause) {
    await file.truncate(size).catch(() => {});
    throw cause;
  }
}

/**
 * A folder for what belongs to one file in its present state under these settings, made if need be.
 * @throws FileError when the file is missing, or the folder cannot be made.
 */
export async function workFolderFor(root: string, path: string, settings: object): Promise<string> {
  const file = await realPath(path);
  const { size, mtimeMs: changed } = await stat(file);
  const folder = join(root, `${basename(path).slice(0, 60)}-${shortHash({ path: file, size, changed, ...settings })}`);
  removedIfEmpty(folder, await makeFolder(folder).catch(failing(folder, "written to")));
  return folder;
}

/** The one path of a file that may be named in several ways. @throws FileError when it is missing. */
export function realPath(path: string): Promise<string> {
  return realpath(path).catch(failing(path, "read"));
}

/** A temporary folder: removed when disposed of, or when the process ends before. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await temporaryPath(join(tmpdir(), "cosnet"));
  await mkdir(path, { mode: 0o700 }).catch(failing(path, "written to"));
  return { path, ...removedAfterUse(path) };
}

/** Removes a folder with all it holds, if it is there. */
export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

/** 64 hexadecimal digits that depend on every byte of an array. */
export function digestOf({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return createHash("sha256")
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest("hex");
}

/** Twelve hexadecimal digits that depend on every part of a value. */
export function shortHash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 12);
}
