/** Files and volumes of which any part can be read without the rest. */
import { type Shape3, type Vector3, type Volume, voxelCount } from "../../volume/index.js";
import type { NumberArray } from "./numbers.js";

/** A file, or anything else, of which any part can be read without the rest. */
export interface RandomAccessSource {
  readonly byteLength: number;
  /**
   * Exactly `length` bytes from `offset` on; rejects when they are not there. They may come in the memory of `into`, which is at
   * least as long and is then not to be read before.
   */
  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array>;
}

/** Bytes in memory as a source. */
export function memorySource(bytes: Uint8Array): RandomAccessSource {
  return {
    byteLength: bytes.byteLength,
    read: async (offset, length) => {
      if (offset < 0 || offset + length > bytes.byteLength)
        throw new RangeError(`bytes ${offset} to ${offset + length} of ${bytes.byteLength}`);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** A volume of which any part can be read without the rest. Density keeps the file's sign. */
export interface VolumeReader {
  readonly shape: Shape3;
  /** The voxel size that was given, else the file's; undefined when neither states one. */
  readonly voxelSizeAngstrom: number | undefined;
  /** What the file itself says, whatever was given. */
  readonly statedVoxelSizeAngstrom: number | undefined;
  /** Where viewers put the first voxel, in Å; undefined for zero, and in formats that do not say. */
  readonly originAngstrom?: Vector3 | undefined;
  readonly warnings: readonly string[];
  /** The voxels of a block that lies within the volume: `[z, y, x]` of its first voxel, and its edges. Not to be written in. */
  read(first: Shape3, size: Shape3): Promise<Float32Array>;
  /** The same in the file's own type of numbers; there where files hold them so. */
  readonly readNumbers?: (first: Shape3, size: Shape3) => Promise<NumberArray>;
}

/** How a volume in memory is read as one that is not. */
export function readerOf({ data, shape }: Pick<Volume, "data" | "shape">): VolumeReader["read"] {
  const [, ny, nx] = shape;
  return async (first, size) => {
    const start = (first[0] * ny + first[1]) * nx + first[2];
    const isContiguous = size[2] === nx && (size[1] === ny || size[0] === 1);
    return isContiguous ? data.subarray(start, start + voxelCount(size)) : cutBlock(data, shape, first, size);
  };
}

type Values = Float32Array | Uint8Array | Uint16Array | Uint32Array;

/** A copy of a block of a volume in memory: `[z, y, x]` of its first voxel, and its edges. */
export function cutBlock<T extends Values>(data: T, [, ny, nx]: Shape3, [z0, y0, x0]: Shape3, [dz, dy, dx]: Shape3): T {
  const block = new (data.constructor as new (length: number) => T)(dz * dy * dx);
  for (let z = 0, at = 0; z < dz; z++)
    for (let y = 0; y < dy; y++, at += dx) {
      const from = ((z0 + z) * ny + y0 + y) * nx + x0;
      block.set(data.subarray(from, from + dx), at);
    }
  return block;
}
