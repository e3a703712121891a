/** The compressions of TIFF that lose nothing, each bounded by what a strip or tile holds. */
import { inflated } from "../inflate.js";

/** By the number in the field Compression. */
export const TIFF_DECOMPRESSORS: ReadonlyMap<number, (bytes: Uint8Array, limit: number) => Uint8Array> = new Map([
  [1, (bytes: Uint8Array) => bytes],
  [5, unpackedLzw],
  [8, inflated],
  [32773, unpackedRuns],
  [32946, inflated],
]);

const CLEAR = 256;
const END = 257;

/** LZW as TIFF 6.0, section 13 has it: codes of 9 to 12 bits, highest bit first, one code longer a step early. */
function unpackedLzw(bytes: Uint8Array, limit: number): Uint8Array {
  // A code of 12 bits stands for at most 3839 bytes.
  const content = new Uint8Array(Math.min(limit, 3000 * bytes.byteLength));
  const [prefix, suffix, lengths] = [new Uint16Array(4096), new Uint8Array(4096), new Uint16Array(4096).fill(1)];
  for (let i = 0; i < 256; i++) suffix[i] = i;
  let [next, width, at, buffer, bits, previous] = [258, 9, 0, 0, 0, -1];
  for (let i = 0; i < bytes.length || bits >= width; ) {
    while (bits < width && i < bytes.length) {
      buffer = ((buffer << 8) | bytes[i++]) & 0xffffff;
      bits += 8;
    }
    if (bits < width) break;
    const code = (buffer >> (bits - width)) & ((1 << width) - 1);
    bits -= width;
    if (code === END) break;
    if (code === CLEAR) {
      [next, width, previous] = [258, 9, -1];
      continue;
    }
    const isNew = code === next && previous >= 0;
    if (!isNew && (code >= next || (previous < 0 && code > 255))) throw new Error("the LZW codes make no sense");
    const known = isNew ? previous : code;
    const length = lengths[known];
    let first = known;
    for (let k = length - 1, one = known; k >= 0; k--, first = one, one = prefix[one]) content[at + k] = suffix[one];
    first = suffix[first];
    if (isNew) content[at + length] = first;
    at += length + (isNew ? 1 : 0);
    if (at > content.length) throw new Error(`it expands to more than the ${limit} bytes that the fields claim`);
    if (previous >= 0 && next < 4096) {
      prefix[next] = previous;
      suffix[next] = first;
      lengths[next++] = lengths[previous] + 1;
    }
    previous = code;
    width = next >= 2047 ? 12 : next >= 1023 ? 11 : next >= 511 ? 10 : 9;
  }
  return content.subarray(0, at);
}

/** PackBits: runs and literals, each after a byte that says how long it is. */
function unpackedRuns(bytes: Uint8Array, limit: number): Uint8Array {
  const content = new Uint8Array(Math.min(limit, 64 * bytes.byteLength));
  let at = 0;
  for (let i = 0; i < bytes.length; ) {
    const count = (bytes[i++] << 24) >> 24;
    if (count === -128) continue;
    const length = count < 0 ? 1 - count : count + 1;
    if (at + length > content.length)
      throw new Error(`it expands to more than the ${limit} bytes that the fields claim`);
    if (count < 0) content.fill(bytes[i++], at, at + length);
    else content.set(bytes.subarray(i, i + length), at);
    if (count >= 0) i += length;
    at += length;
  }
  return content.subarray(0, at);
}

/**
 * Undoes differences between neighbours in place: `predictor` 2 of whole numbers in the machine's order, row by row.
 */
export function undoDifferences(values: Uint8Array | Uint16Array | Uint32Array, width: number): void {
  for (let row = 0; row + width <= values.length; row += width)
    for (let i = row + 1; i < row + width; i++) values[i] += values[i - 1];
}
