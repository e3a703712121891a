/** Blocks of a Zarr array of any number of axes, along three of them. */
import { FormatError } from "../../../errors.js";
import { type Shape3, voxelCount } from "../../../volume/index.js";
import { createChunkDecoder, type ZarrChunk } from "./codecs.js";
import { keepChunks } from "./kept-chunks.js";
import type { ZarrArrayMetadata } from "./metadata.js";
import { type FoundChunk, withinShards } from "./shards.js";
import { openKey, type ZarrStore } from "./store.js";

/** Which axes of an array are z, y and x (-1: it has none, and one section), and the index along all others. */
export interface SpatialAxes {
  readonly axes: Shape3;
  readonly indices: readonly number[];
}

/** What may be read at once: metadata can claim any size. */
const MOST_VOXELS = 2 ** 29;
/** Each chunk is a file to be looked for; real volumes have thousands. */
const MOST_CHUNKS = 1_000_000;

type Range = readonly [first: number, end: number];

/** What messages call an array, and how much of it is kept in memory. */
export interface ArrayReading {
  readonly name: string;
  /** Bytes of decoded chunks that are kept for the next block, and never less than one layer of chunks along z; 0: none. */
  readonly keptBytes: number;
}

/**
 * How blocks `[z, y, x]` of an array are read. `path` is the array's folder from the root of the store, with a leading and no
 * trailing slash.
 * @throws FormatError for codecs that cannot be undone, before anything is read.
 */
export function createArrayReader(
  store: ZarrStore,
  path: string,
  metadata: ZarrArrayMetadata,
  { axes, indices }: SpatialAxes,
  { name, keptBytes }: ArrayReading,
): (first: Shape3, size: Shape3) => Promise<Float32Array> {
  const find = async (coordinates: readonly number[]): Promise<FoundChunk | undefined> => {
    const key = `${path}/${metadata.chunkKey(coordinates)}` as const;
    const source = await openKey(store, key as `/${string}`);
    return source && { where: `${name}, chunk ${key}`, source };
  };
  const grid = withinShards({ chunkShape: metadata.chunkShape, codecs: metadata.codecs, find }, name);
  const decode = createChunkDecoder({ shape: grid.chunkShape, type: metadata.type, codecs: grid.codecs }, name);
  const load = async (coordinates: readonly number[]): Promise<ZarrChunk | undefined> => {
    const found = await grid.find(coordinates);
    return found && decode(await found.source.read(0, found.source.byteLength), found.where);
  };
  const chunkAt = keepChunks(load, keptBytes > 0 ? keptChunks(metadata.shape, grid.chunkShape, axes, keptBytes) : 0);
  return async (first, size) => {
    const wanted = indices.map((index): Range => [index, index + 1]) as Range[];
    axes.forEach((axis, i) => {
      if (axis >= 0) wanted[axis] = [first[i], first[i] + size[i]];
    });
    const chunks = wanted.map(([from, end], axis) => rangeOfChunks(from, end, grid.chunkShape[axis]));
    checkWork(size, chunks, name);
    const data = new Float32Array(voxelCount(size));
    if (metadata.fillValue !== 0) data.fill(metadata.fillValue);
    const strides = stridesInBlock(axes, size, indices.length);
    for (const coordinates of productOf(chunks)) {
      const chunk = await chunkAt(coordinates);
      if (chunk) copyInto(data, chunk, placement(coordinates, grid.chunkShape, wanted, strides));
    }
    return data;
  };
}

/** Reading section after section needs a whole layer of chunks again and again. */
function keptChunks(
  shape: readonly number[],
  chunkShape: readonly number[],
  [, ...acrossZ]: Shape3,
  keptBytes: number,
): number {
  const chunkBytes = Float32Array.BYTES_PER_ELEMENT * chunkShape.reduce((product, n) => product * n, 1);
  const ofLayer = acrossZ
    .filter((axis) => axis >= 0)
    .reduce((product, axis) => product * Math.ceil(shape[axis] / chunkShape[axis]), 1);
  return Math.max(ofLayer, Math.floor(keptBytes / chunkBytes));
}

function rangeOfChunks(from: number, end: number, edge: number): Range {
  return [Math.floor(from / edge), Math.ceil(end / edge)];
}

function checkWork(size: Shape3, chunks: readonly Range[], name: string): void {
  const hint = "Read a coarser level (--level), or rewrite it in chunks of e.g. 64 voxels along each axis.";
  if (voxelCount(size) > MOST_VOXELS)
    throw new FormatError(
      `${size[2]} x ${size[1]} x ${size[0]} voxels are more than the ${MOST_VOXELS} that can be read at once`,
      name,
      { hint },
    );
  const count = chunks.reduce((product, [from, end]) => product * (end - from), 1);
  if (count > MOST_CHUNKS)
    throw new FormatError(`${count} chunks are more than the ${MOST_CHUNKS} that are read at once`, name, { hint });
}

/** How far apart neighbours along each axis of the array lie in the block `[z, y, x]`; 0 along axes that it lacks. */
function stridesInBlock(axes: Shape3, [, ny, nx]: Shape3, rank: number): number[] {
  const strides = new Array<number>(rank).fill(0);
  axes.forEach((axis, i) => {
    if (axis >= 0) strides[axis] = [ny * nx, nx, 1][i];
  });
  return strides;
}

function* productOf(ranges: readonly Range[]): Generator<readonly number[]> {
  const at = ranges.map(([from]) => from);
  for (;;) {
    yield [...at];
    let axis = ranges.length - 1;
    while (axis >= 0 && ++at[axis] === ranges[axis][1]) at[axis] = ranges[axis--][0];
    if (axis < 0) return;
  }
}

/** Where the common part of a chunk and a block begins in either, and its edges. */
interface Placement {
  readonly inChunk: readonly number[];
  readonly size: readonly number[];
  readonly to: number;
  readonly strides: readonly number[];
}

function placement(
  coordinates: readonly number[],
  chunkShape: readonly number[],
  wanted: readonly Range[],
  strides: readonly number[],
): Placement {
  const corner = coordinates.map((at, axis) => at * chunkShape[axis]);
  const from = corner.map((at, axis) => Math.max(at, wanted[axis][0]));
  const end = corner.map((at, axis) => Math.min(at + chunkShape[axis], wanted[axis][1]));
  return {
    inChunk: from.map((at, axis) => at - corner[axis]),
    size: end.map((at, axis) => at - from[axis]),
    to: from.reduce((sum, at, axis) => sum + (at - wanted[axis][0]) * strides[axis], 0),
    strides,
  };
}

function copyInto(data: Float32Array, { values, strides }: ZarrChunk, { inChunk, size, to, strides: into }: Placement) {
  const last = size.length - 1;
  const isRow = strides[last] === 1 && into[last] === 1;
  const copyAxis = (axis: number, from: number, target: number): void => {
    if (axis === last && isRow) data.set(values.subarray(from, from + size[axis]), target);
    else if (axis === last)
      for (let i = 0; i < size[axis]; i++) data[target + i * into[axis]] = values[from + i * strides[axis]];
    else for (let i = 0; i < size[axis]; i++) copyAxis(axis + 1, from + i * strides[axis], target + i * into[axis]);
  };
  copyAxis(
    0,
    inChunk.reduce((sum, at, axis) => sum + at * strides[axis], 0),
    to,
  );
}
