/** From the bytes of a chunk to its values. */
import { FormatError } from "../../../errors.js";
import { type ByteOrder, decodeNumbers, type ElementType, elementBytes } from "../numbers.js";
import { decompressorOf } from "./decompress.js";
import { type Filter, filterOf, isFilter } from "./filters.js";
import { listOf, property, shown } from "./json.js";
import type { CodecDeclaration } from "./metadata.js";

/** A chunk's values, and how far apart neighbours along each axis of the array lie. */
export interface ZarrChunk {
  readonly values: Float32Array;
  readonly strides: readonly number[];
}

/** Undoes the codecs of chunks of one shape. @throws FormatError for damaged chunks; `where` names them. */
export type ChunkDecoder = (bytes: Uint8Array, where: string) => Promise<ZarrChunk>;

/** What there is to know before the first chunk is read. */
export interface ChunkForm {
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly codecs: readonly CodecDeclaration[];
}

/** @throws FormatError for codecs that cannot be undone, before any work. */
export function createChunkDecoder({ shape, type, codecs }: ChunkForm, where: string): ChunkDecoder {
  const transposes = codecs.filter(({ name }) => name === "transpose");
  const filters = codecs.flatMap((codec): Filter[] => (isFilter(codec) ? [filterOf(codec, where)] : []));
  const others = codecs.filter((codec) => codec.name !== "transpose" && codec.name !== "bytes" && !isFilter(codec));
  const decompressors = others.map((codec) => ({ name: codec.name, decompress: decompressorOf(codec) }));
  const unknown = decompressors.find(({ decompress }) => decompress === undefined);
  if (unknown)
    throw new FormatError(`its chunks are encoded with ${shown(unknown.name)}, which cosnet does not read`, where, {
      hint: "Rewrite the array with gzip, zstd or Blosc, e.g. with zarr-python.",
    });
  const strides = stridesOf(shape, transposes, where);
  const last = filters.at(-1)?.stored;
  const stored = last?.type ?? type;
  const byteOrder = last?.byteOrder ?? byteOrderOf(codecs, stored, where);
  const count = shape.reduce((product, n) => product * n, 1);
  const expected = count * elementBytes(stored);
  return async (bytes, chunk) => {
    let content = bytes;
    for (const { name, decompress } of [...decompressors].reverse())
      content = await undone(() => decompress!(content, expected + 4 * decompressors.length), name, chunk);
    if (content.byteLength !== expected)
      throw new FormatError(`it holds ${content.byteLength} bytes, its metadata ask for ${expected}`, chunk, {
        hint: "The chunk is damaged or truncated; copy the store again.",
      });
    const values = decodeNumbers(content, stored, byteOrder);
    for (const { undo } of [...filters].reverse()) undo(values);
    return { values, strides };
  };
}

async function undone(work: () => Uint8Array | Promise<Uint8Array>, codec: string, chunk: string): Promise<Uint8Array> {
  try {
    return await work();
  } catch (cause) {
    const reason =
      cause instanceof FormatError ? cause.reason : String((cause as Error)?.message ?? cause).slice(0, 160);
    throw new FormatError(`it cannot be unpacked by ${codec.replace("numcodecs.", "")}: ${reason}`, chunk, {
      cause,
      hint: "The chunk is damaged or truncated; copy the store again.",
    });
  }
}

/** Transposing once after the other; the last axis of what is stored is the fastest. */
function stridesOf(shape: readonly number[], transposes: readonly CodecDeclaration[], where: string): number[] {
  let axes = shape.map((_, axis) => axis);
  for (const { configuration } of transposes) {
    const order = property(configuration, "order");
    const permutation =
      order === "C" ? axes.map((_, i) => i) : order === "F" ? axes.map((_, i) => axes.length - 1 - i) : listOf(order);
    if (permutation.length !== axes.length || !axes.every((_, axis) => permutation.includes(axis)))
      throw new FormatError(`the codec transpose has an order that is none: ${shown(order)}`, where);
    axes = permutation.map((axis) => axes[axis as number]);
  }
  const strides = new Array<number>(shape.length).fill(0);
  let stride = 1;
  for (const axis of axes.reverse()) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

function byteOrderOf(codecs: readonly CodecDeclaration[], type: ElementType, where: string): ByteOrder {
  const codec = codecs.find(({ name }) => name === "bytes");
  const endian = property(codec?.configuration, "endian");
  if (endian === "big" || endian === "little") return endian;
  // Zarr written by cosnet before December 2026 lacks the codec; its bytes are in little-endian order.
  if (codec === undefined || elementBytes(type) === 1) return "little";
  throw new FormatError(`the byte order ${shown(endian)} is neither "little" nor "big"`, where);
}
