import { Gunzip } from "fflate";
import { FormatError } from "../../errors.js";

/** Whether the bytes are gzip-compressed (RFC 1952: 1f 8b, method 8). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.byteLength > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/** Content of up to this many bytes is believed whatever it was compressed to: an empty mask shrinks a thousandfold. */
const PLAUSIBLE_BYTES = 2 ** 28;
/** Larger content is believed up to this many times the compressed size. */
const PLAUSIBLE_RATIO = 200;

/** How many bytes compressed data may expand to, so that a small hostile file cannot fill the memory. */
export function largestContent(compressedBytes: number, maximumBytes: number): number {
  return Math.min(maximumBytes, Math.max(PLAUSIBLE_BYTES, PLAUSIBLE_RATIO * compressedBytes));
}

/** What is said when there is more. */
export function tooLargeContent(limitBytes: number): { readonly reason: string; readonly hint: string } {
  return {
    reason: `expands to more than ${limitBytes} bytes, which is implausible for a compressed file of this size`,
    hint: "If it is what you want, decompress it (gunzip) and give the decompressed file.",
  };
}

/** The name of the file in messages, and how large its content may be. */
export interface GunzipOptions {
  readonly name?: string;
  /** The most that is produced; less for small files (`largestContent`). */
  readonly maximumBytes?: number;
}

/**
 * The content of gzip-compressed bytes; other bytes come back as they are.
 * @throws FormatError when the data are corrupt, truncated, or grow beyond what is plausible or `maximumBytes` (default 4 GiB).
 */
export function gunzipIfNeeded(bytes: Uint8Array, options: GunzipOptions = {}): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  const { name = "gzip", maximumBytes = 2 ** 32 } = options;
  const limit = largestContent(bytes.byteLength, maximumBytes);
  const pieces: Uint8Array[] = [];
  let total = 0;
  let complete = false;
  const stream = new Gunzip((piece, final) => {
    total += piece.byteLength;
    if (total > limit) {
      const { reason, hint } = tooLargeContent(limit);
      throw new FormatError(reason, name, { hint });
    }
    pieces.push(piece);
    complete ||= final;
  });
  try {
    for (let start = 0; start < bytes.byteLength; start += CHUNK)
      stream.push(bytes.subarray(start, start + CHUNK), start + CHUNK >= bytes.byteLength);
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError("the gzip data are corrupt or truncated", name, {
      cause,
      hint: "Copy or download the file again.",
    });
  }
  if (!complete)
    throw new FormatError("the gzip data end too early", name, { hint: "Copy or download the file again." });
  const content = new Uint8Array(total);
  let offset = 0;
  for (const piece of pieces) {
    content.set(piece, offset);
    offset += piece.byteLength;
  }
  return content;
}

const CHUNK = 1 << 18;
