/** Large files are read and written in pieces, so that it shows how far they are and can be stopped. */
import { open } from "node:fs/promises";
import { FileError, throwIfAborted } from "../../errors.js";
import type { Progress } from "../../progress.js";

/** How far reading or writing a file is; `stage` is what progress calls it. */
export interface FileProgress extends Progress {
  readonly stage?: string | undefined;
}

/** Bytes read or written between two reports. */
const PIECE_BYTES = 1 << 24;

/** The first `byteLength` bytes of a file. @throws FileError when it has fewer; AbortError. */
export async function readInPieces(path: string, byteLength: number, progress: FileProgress): Promise<Uint8Array> {
  const bytes = new Uint8Array(byteLength);
  const file = await open(path, "r");
  try {
    for (let done = 0; done < byteLength; ) {
      report(done, byteLength, progress);
      const { bytesRead } = await file.read(bytes, done, Math.min(PIECE_BYTES, byteLength - done), done);
      if (bytesRead === 0) throw new FileError(`ends at byte ${done}, before the ${byteLength} that it had`, path);
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
  report(byteLength, byteLength, progress);
  return bytes;
}

/** The pieces of `bytes`; each is asked for when the one before has been written. @throws AbortError */
export function* piecesOfBytes(bytes: Uint8Array, progress: FileProgress): Generator<Uint8Array> {
  for (let done = 0; done < bytes.byteLength; done += PIECE_BYTES) {
    report(done, bytes.byteLength, progress);
    yield bytes.subarray(done, done + PIECE_BYTES);
  }
  report(bytes.byteLength, bytes.byteLength, progress);
}

/** Characters of a text that become bytes at a time: the bytes of a long text are never in memory together. */
const CHARACTERS_AT_ONCE = 1 << 20;

/** A text cut into pieces, none of which ends inside a character of two units. */
export function* piecesOfText(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + CHARACTERS_AT_ONCE, text.length);
    if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end++;
    yield text.slice(start, end);
    start = end;
  }
}

function report(done: number, total: number, { stage, onProgress, signal }: FileProgress): void {
  throwIfAborted(signal);
  if (stage === undefined || !onProgress) return;
  const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
  const parts =
    total > PIECE_BYTES
      ? { done: megabytes(done), total: megabytes(total), note: "in MB" }
      : { done: done < total ? 0 : 1, total: 1 };
  onProgress({ stage, ...parts });
}
