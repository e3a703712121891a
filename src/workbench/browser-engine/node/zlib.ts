/** In place of `node:zlib`. */
import { Gunzip } from "fflate";

interface GunzipOptions {
  readonly maxOutputLength?: number;
}

type Done = (error: Error | null, bytes: Uint8Array) => void;

/** Compressed bytes taken at a time, so that what expands beyond the limit is noticed early. */
const STEP_BYTES = 1 << 18;

export function gunzip(bytes: Uint8Array, options: GunzipOptions, done: Done): void {
  try {
    done(null, gunzipSync(bytes, options));
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)), new Uint8Array());
  }
}

export function gunzipSync(bytes: Uint8Array, { maxOutputLength = 2 ** 32 }: GunzipOptions = {}): Uint8Array {
  const pieces: Uint8Array[] = [];
  let byteLength = 0;
  let isWhole = false;
  const stream = new Gunzip((piece, isLast) => {
    byteLength += piece.byteLength;
    if (byteLength > maxOutputLength) throw failure("ERR_BUFFER_TOO_LARGE", "output is too large");
    pieces.push(piece);
    isWhole ||= isLast;
  });
  for (let start = 0; start < bytes.byteLength; start += STEP_BYTES)
    stream.push(bytes.subarray(start, start + STEP_BYTES), start + STEP_BYTES >= bytes.byteLength);
  if (!isWhole) throw failure("Z_BUF_ERROR", "unexpected end of file");
  const content = new Uint8Array(byteLength);
  let end = 0;
  for (const piece of pieces) {
    content.set(piece, end);
    end += piece.byteLength;
  }
  return content;
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
