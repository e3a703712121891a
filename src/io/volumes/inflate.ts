import { Decompress } from "fflate";

/** Deflate makes at most this many bytes of one, so a small file gets little memory whatever it claims. */
const DEFLATE_FACTOR = 1032;

/**
 * The content of gzip or zlib, told apart by their first bytes, of at most `limit` bytes.
 * @throws Error when the data are damaged, end too early, or hold more.
 */
export function inflated(bytes: Uint8Array, limit: number): Uint8Array {
  const content = new Uint8Array(Math.min(limit, DEFLATE_FACTOR * bytes.byteLength));
  let length = 0;
  let isComplete = false;
  const stream = new Decompress((piece, isLast) => {
    if (length + piece.byteLength > content.byteLength)
      throw new Error(`it expands to more than the ${limit} bytes that the metadata claim`);
    content.set(piece, length);
    length += piece.byteLength;
    isComplete ||= isLast;
  });
  stream.push(bytes, true);
  if (!isComplete) throw new Error("the compressed data end too early");
  return content.subarray(0, length);
}
