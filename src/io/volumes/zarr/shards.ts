/** The codec sharding_indexed: many chunks in one value of the store, found through an index at its end or start. */
import { FormatError } from "../../../errors.js";
import type { RandomAccessSource } from "../random-access.js";
import { crc32c } from "./checksum.js";
import { listOf, property, shown } from "./json.js";
import { type CodecDeclaration, codecDeclarations } from "./metadata.js";

/** A chunk by its coordinates in the grid of chunks; undefined where there is none. */
type FindChunk = (coordinates: readonly number[]) => Promise<FoundChunk | undefined>;

export interface FoundChunk {
  /** Named in messages. */
  readonly where: string;
  readonly source: RandomAccessSource;
}

/** The grid of chunks that are encoded one by one. */
export interface ChunkGrid {
  readonly chunkShape: readonly number[];
  readonly codecs: readonly CodecDeclaration[];
  readonly find: FindChunk;
}

const MOST_CHUNKS_OF_A_SHARD = 2 ** 20;
/** How many indices are kept, so that chunks of the same shard need one reading of it. */
const KEPT_INDICES = 64;
const NO_CHUNK = 2n ** 64n - 1n;

/** Replaces shards by the chunks in them, shards of shards too. @throws FormatError */
export function withinShards(grid: ChunkGrid, where: string): ChunkGrid {
  const sharding = grid.codecs.find(({ name }) => name === "sharding_indexed");
  if (!sharding) return grid;
  if (grid.codecs.length > 1)
    throw new FormatError("its shards are transposed or compressed as a whole, which cosnet does not read", where, {
      hint: "Rewrite the array with compression inside of the shards, as is usual.",
    });
  const chunkShape = listOf(property(sharding.configuration, "chunk_shape")) as readonly number[];
  const counts = grid.chunkShape.map((edge, axis) => edge / chunkShape[axis]);
  const count = counts.reduce((product, n) => product * n, 1);
  if (chunkShape.length !== grid.chunkShape.length || !counts.every((n) => Number.isInteger(n) && n > 0))
    throw new FormatError(`chunks of ${shown(chunkShape)} do not fill shards of ${shown(grid.chunkShape)}`, where);
  if (count > MOST_CHUNKS_OF_A_SHARD)
    throw new FormatError(`a shard of ${count} chunks, more than the ${MOST_CHUNKS_OF_A_SHARD} that are read`, where, {
      hint: "Rewrite the array with larger chunks, e.g. of 64 voxels along each axis.",
    });
  const codecs = codecDeclarations(property(sharding.configuration, "codecs"));
  const readIndex = createIndexReader(sharding, count, where);
  const inner: ChunkGrid = { chunkShape, codecs, find: findInShards(grid.find, counts, readIndex) };
  return withinShards(inner, where);
}

type ReadIndex = (shard: FoundChunk) => Promise<BigUint64Array>;

function findInShards(findShard: FindChunk, counts: readonly number[], readIndex: ReadIndex): FindChunk {
  const kept = new Map<string, Promise<{ shard: FoundChunk; index: BigUint64Array } | undefined>>();
  const open = async (coordinates: readonly number[]) => {
    const shard = await findShard(coordinates);
    return shard && { shard, index: await readIndex(shard) };
  };
  return async (coordinates) => {
    const outer = coordinates.map((at, axis) => Math.floor(at / counts[axis]));
    const key = outer.join();
    if (!kept.has(key)) {
      if (kept.size >= KEPT_INDICES) kept.clear();
      kept.set(key, open(outer));
    }
    const opened = await kept.get(key);
    if (!opened) return undefined;
    const { shard, index } = opened;
    const at = coordinates.reduce((sum, coordinate, axis) => sum * counts[axis] + (coordinate % counts[axis]), 0);
    const [offset, length] = [index[2 * at], index[2 * at + 1]];
    if (offset === NO_CHUNK && length === NO_CHUNK) return undefined;
    const where = `${shard.where}, inner chunk ${coordinates.join("/")}`;
    if (offset + length > BigInt(shard.source.byteLength))
      throw new FormatError("it lies beyond the end of its shard", where, {
        hint: "The shard is damaged or truncated; copy the store again.",
      });
    return { where, source: partOf(shard.source, Number(offset), Number(length)) };
  };
}

function partOf(source: RandomAccessSource, start: number, byteLength: number): RandomAccessSource {
  return { byteLength, read: (offset, length) => source.read(start + offset, length) };
}

function createIndexReader({ configuration }: CodecDeclaration, count: number, where: string): ReadIndex {
  const codecs = codecDeclarations(property(configuration, "index_codecs"));
  const unknown = codecs.find(({ name }) => name !== "bytes" && name !== "crc32c");
  if (unknown) throw new FormatError(`the index of its shards is encoded with ${shown(unknown.name)}`, where);
  const isLittle = codecs.every((codec) => property(codec.configuration, "endian") !== "big");
  const isChecked = codecs.some(({ name }) => name === "crc32c");
  const byteLength = 16 * count + (isChecked ? 4 : 0);
  const isFirst = property(configuration, "index_location") === "start";
  return async ({ source, where: shard }) => {
    if (source.byteLength < byteLength)
      throw new FormatError(
        `a shard of ${source.byteLength} bytes is too short for its index of ${byteLength}`,
        shard,
        {
          hint: "The shard is damaged or truncated; copy the store again.",
        },
      );
    const bytes = await source.read(isFirst ? 0 : source.byteLength - byteLength, byteLength);
    const view = new DataView(bytes.buffer, bytes.byteOffset, byteLength);
    if (isChecked && crc32c(bytes.subarray(0, 16 * count)) !== view.getUint32(16 * count, true))
      throw new FormatError("the checksum of the shard's index is wrong", shard, {
        hint: "The shard is damaged; copy the store again.",
      });
    return BigUint64Array.from({ length: 2 * count }, (_, i) => view.getBigUint64(8 * i, isLittle));
  };
}
