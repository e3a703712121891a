/** The compressions of Zarr, each bounded by what the metadata say a chunk holds. */
import { FormatError } from "../../../errors.js";
import { inflated } from "../inflate.js";
import { crc32c } from "./checksum.js";
import type { CodecDeclaration } from "./metadata.js";

/** What expands bytes to at most `limit`. @throws FormatError, or whatever the library throws on damage. */
type Decompressor = (bytes: Uint8Array, limit: number) => Uint8Array | Promise<Uint8Array>;

const DECOMPRESSORS: ReadonlyMap<string, (configuration: CodecDeclaration["configuration"]) => Decompressor> = new Map([
  ["gzip", () => inflated],
  ["zlib", () => inflated],
  ["zstd", () => unpackedZstd],
  ["blosc", () => unpackedBlosc],
  ["lz4", () => unpackedLz4],
  ["crc32c", () => withoutChecksum],
  ["shuffle", ({ elementsize }) => unshuffled(Number(elementsize))],
] as const);

/** How a codec that turns bytes into bytes is undone; undefined when it is none that can be read. */
export function decompressorOf({ name, configuration }: CodecDeclaration): Decompressor | undefined {
  return DECOMPRESSORS.get(name.replace(/^numcodecs\./, ""))?.(configuration);
}

async function unpackedZstd(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  const claimed = zstdContentSize(bytes);
  if (claimed !== undefined && claimed > limit) throw tooLong(limit);
  const { default: Zstd } = await import("numcodecs/zstd");
  return Zstd.fromConfig({ id: "zstd", level: 1 }).decode(bytes);
}

/** What the frame header states (RFC 8878, 3.1.1.1); undefined when it states nothing. */
function zstdContentSize(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 6 || view.getUint32(0, true) !== 0xfd2fb528) throw new Error("not a Zstandard frame");
  const descriptor = bytes[4];
  const hasWindow = (descriptor & 32) === 0;
  const at = 5 + (hasWindow ? 1 : 0) + [0, 1, 2, 4][descriptor & 3];
  const size = descriptor >> 6;
  if (at + 8 > bytes.byteLength) return undefined;
  if (size === 3) return Number(view.getBigUint64(at, true));
  if (size === 2) return view.getUint32(at, true);
  if (size === 1) return view.getUint16(at, true) + 256;
  return hasWindow ? undefined : bytes[at];
}

async function unpackedBlosc(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  // The header: version, compressor, flags, element size, then the sizes of content, block and frame.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 16 || view.getUint32(12, true) !== bytes.byteLength)
    throw new Error("not a whole Blosc frame");
  if (view.getUint32(4, true) > limit) throw tooLong(limit);
  const { default: Blosc } = await import("numcodecs/blosc");
  return Blosc.fromConfig({ id: "blosc", blocksize: 0, clevel: 5, cname: "lz4", shuffle: 1 }).decode(bytes);
}

async function unpackedLz4(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 4 || view.getUint32(0, true) > limit) throw tooLong(limit);
  const { default: Lz4 } = await import("numcodecs/lz4");
  return Lz4.fromConfig({ id: "lz4", acceleration: 1 }).decode(bytes);
}

function withoutChecksum(bytes: Uint8Array): Uint8Array {
  const content = bytes.subarray(0, -4);
  const stated = new DataView(bytes.buffer, bytes.byteOffset + content.byteLength).getUint32(0, true);
  if (crc32c(content) !== stated) throw new Error("its checksum is wrong");
  return content;
}

/** First bytes of all elements, second bytes, and so on, back to elements. */
function unshuffled(size: number): Decompressor {
  return (bytes) => {
    const count = Math.floor(bytes.length / size);
    if (!(size > 1 && count > 0)) return bytes;
    const elements = bytes.slice();
    for (let i = 0; i < count; i++)
      for (let byte = 0; byte < size; byte++) elements[i * size + byte] = bytes[byte * count + i];
    return elements;
  };
}

function tooLong(limit: number): Error {
  return new FormatError(`it expands to more than the ${limit} bytes that the metadata claim`, "chunk");
}
