/** Blocks of a volume whose voxels a file has one after the other, uncompressed. */
import { type Shape3, voxelCount } from "../../volume/index.js";
import type { viewNumbers } from "./numbers.js";
import type { RandomAccessSource, VolumeReader } from "./random-access.js";

/** Where and how a file has its voxels. */
export interface StoredVoxels {
  /** Sections, rows and columns as they are stored. */
  readonly storedShape: Shape3;
  /** Along which of x (0), y (1) and z (2) sections, rows and columns lie; default z, y, x. */
  readonly axes?: Shape3;
  readonly offsetBytes: number;
  readonly bytesPerVoxel: number;
  /** The values that bytes hold: a view of them where they can be taken as they are. */
  readonly view: (bytes: Uint8Array) => ReturnType<typeof viewNumbers>;
}

const USUAL_AXES: Shape3 = [2, 1, 0];
/** Buffers that are kept for the next block: as many as are read at a time. */
const MOST_SPARE = 2;
/** Shorter rows are copied faster byte by byte than by a view of each. */
const SHORT_ROW_BYTES = 128;

/** Sections along z, rows along y, columns along x. */
export function hasUsualAxes({ axes = USUAL_AXES }: Pick<StoredVoxels, "axes">): boolean {
  return axes[0] === 2 && axes[1] === 1;
}

/** Each stored section of a block is one read of its rows, or all are one where nothing lies between. */
export function storedBlocks(source: RandomAccessSource, stored: StoredVoxels): VolumeReader["read"] {
  const { storedShape, axes = USUAL_AXES, offsetBytes, bytesPerVoxel, view } = stored;
  const [, rows, columns] = storedShape;
  const isUsual = hasUsualAxes(stored);
  const spare: Uint8Array[] = [];
  return async (first, size) => {
    const strides = [1, size[2], size[1] * size[2]];
    const [section, row, column] = axes.map((axis) => ({
      first: first[2 - axis],
      count: size[2 - axis],
      stride: strides[axis],
    }));
    const offsetOf = (storedSection: number) =>
      offsetBytes + ((storedSection * rows + row.first) * columns + column.first) * bytesPerVoxel;
    const isWhole = column.count === columns;
    if (isUsual && isWhole && (row.count === rows || section.count === 1))
      return ownFloats(view, await source.read(offsetOf(section.first), voxelCount(size) * bytesPerVoxel));
    const data = new Float32Array(voxelCount(size));
    const [rowBytes, pieceBytes] = [columns * bytesPerVoxel, column.count * bytesPerVoxel];
    const length = (row.count - 1) * rowBytes + pieceBytes;
    const buffer = bufferOf(spare, length);
    const piece = isWhole ? undefined : new Uint8Array(row.count * pieceBytes);
    for (let s = 0; s < section.count; s++) {
      const bytes = await source.read(offsetOf(section.first + s), length, buffer);
      if (piece) cutColumns(bytes, rowBytes, piece, pieceBytes);
      const values = view(piece ?? bytes);
      if (isUsual) data.set(values, s * section.stride);
      else
        for (let r = 0, from = 0; r < row.count; r++)
          for (let c = 0, to = s * section.stride + r * row.stride; c < column.count; c++, to += column.stride)
            data[to] = values[from++];
    }
    if (spare.length < MOST_SPARE) spare.push(buffer);
    return data;
  };
}

function ownFloats(view: StoredVoxels["view"], bytes: Uint8Array): Float32Array {
  const values = view(bytes);
  return values instanceof Float32Array && values.buffer !== bytes.buffer ? values : new Float32Array(values);
}

/** Fresh memory costs more than reading into it does. */
function bufferOf(spare: Uint8Array[], length: number): Uint8Array {
  const kept = spare.pop();
  return kept && kept.byteLength >= length ? kept : new Uint8Array(length);
}

/** The first `pieceBytes` bytes of every row. */
function cutColumns(bytes: Uint8Array, rowBytes: number, into: Uint8Array, pieceBytes: number): void {
  for (let from = 0, to = 0; to < into.length; from += rowBytes, to += pieceBytes)
    if (pieceBytes > SHORT_ROW_BYTES) into.set(bytes.subarray(from, from + pieceBytes), to);
    else for (let i = 0; i < pieceBytes; i++) into[to + i] = bytes[from + i];
}
