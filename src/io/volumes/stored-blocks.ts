/** Blocks of a volume whose voxels a file has one after the other, uncompressed. */
import { type Shape3, voxelCount } from "../../volume/index.js";
import type { NumberArray } from "./numbers.js";
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
  readonly view: (bytes: Uint8Array) => NumberArray;
}

const USUAL_AXES: Shape3 = [2, 1, 0];
/** As many buffers are kept for the next block. */
const READS_AT_ONCE = 4;
const MOST_BYTES_AT_ONCE = 2 ** 22;
/** Shorter rows are copied faster byte by byte than by a view of each. */
const SHORT_ROW_BYTES = 128;

/** Sections along z, rows along y, columns along x. */
export function hasUsualAxes({ axes = USUAL_AXES }: Pick<StoredVoxels, "axes">): boolean {
  return axes[0] === 2 && axes[1] === 1;
}

/** Each stored section of a block is one read of its rows; several are one where nothing lies between. */
export function storedBlocks(
  source: RandomAccessSource,
  stored: StoredVoxels,
): Required<Pick<VolumeReader, "read" | "readNumbers">> {
  const { storedShape, axes = USUAL_AXES, offsetBytes, bytesPerVoxel, view } = stored;
  const [, rows, columns] = storedShape;
  const isUsual = hasUsualAxes(stored);
  const rowBytes = columns * bytesPerVoxel;
  const spare: Uint8Array[] = [];
  /** A view of what was read where nothing lies between, else an array that `create` makes for values such as these. */
  const readBlock = async (
    first: Shape3,
    size: Shape3,
    create: (values: NumberArray) => NumberArray,
  ): Promise<NumberArray> => {
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
      return view(await source.read(offsetOf(section.first), voxelCount(size) * bytesPerVoxel));
    const pieceBytes = column.count * bytesPerVoxel;
    // Sections between which nothing lies are read together.
    const most = row.count === rows ? Math.max(1, Math.floor(MOST_BYTES_AT_ONCE / (rows * rowBytes))) : 1;
    let block: NumberArray | undefined;
    const readSections = async (s: number): Promise<void> => {
      const readRows = rows * (Math.min(most, section.count - s) - 1) + row.count;
      const length = (readRows - 1) * rowBytes + pieceBytes;
      const buffer = bufferOf(spare, length);
      const bytes = await source.read(offsetOf(section.first + s), length, buffer);
      const values = view(isWhole ? bytes : cutColumns(bytes, rowBytes, readRows, pieceBytes));
      block ??= create(values);
      if (isUsual) block.set(values, s * section.stride);
      else
        for (let from = 0; from < values.length; from += column.count) {
          const at = from / column.count;
          let to = (s + Math.floor(at / row.count)) * section.stride + (at % row.count) * row.stride;
          for (let c = 0; c < column.count; c++, to += column.stride) block[to] = values[from + c];
        }
      if (spare.length < READS_AT_ONCE) spare.push(buffer);
    };
    let next = 0;
    const readOn = async () => {
      for (let s = next; s < section.count; s = next) {
        next += most;
        await readSections(s);
      }
    };
    await Promise.all(Array.from({ length: READS_AT_ONCE }, readOn));
    return block ?? view(new Uint8Array(0));
  };
  return {
    async read(first, size) {
      const values = await readBlock(first, size, () => new Float32Array(voxelCount(size)));
      return values instanceof Float32Array ? values : new Float32Array(values);
    },
    readNumbers: (first, size) => readBlock(first, size, (values) => sameType(values, voxelCount(size))),
  };
}

function sameType(values: NumberArray, length: number): NumberArray {
  return new (values.constructor as new (length: number) => NumberArray)(length);
}

/** Fresh memory costs more than reading into it does. */
function bufferOf(spare: Uint8Array[], length: number): Uint8Array {
  const kept = spare.pop();
  return kept && kept.byteLength >= length ? kept : new Uint8Array(length);
}

/** The first `pieceBytes` bytes of every row, without what lies between. */
function cutColumns(bytes: Uint8Array, rowBytes: number, rows: number, pieceBytes: number): Uint8Array {
  const cut = new Uint8Array(rows * pieceBytes);
  for (let from = 0, to = 0; to < cut.length; from += rowBytes, to += pieceBytes)
    if (pieceBytes > SHORT_ROW_BYTES) cut.set(bytes.subarray(from, from + pieceBytes), to);
    else for (let i = 0; i < pieceBytes; i++) cut[to + i] = bytes[from + i];
  return cut;
}
