import { ConfigError } from "../../../errors.js";
import type { Volume } from "../../../volume/index.js";
import { littleEndianBytes } from "../numbers.js";

const LARGEST_BYTES = 2 ** 32 - 1;
/** Number, type (2 ASCII, 3 short, 4 long, 5 rational), count, and value or offset. */
type Entry = readonly [field: number, type: 2 | 3 | 4 | 5, count: number, value: number];

/**
 * The bytes of an uncompressed float32 TIFF stack, with the voxel size as ImageJ states it: unit and spacing in nm, resolution in
 * voxels per nm.
 * @throws ConfigError beyond 4 GiB, the largest that TIFF can be.
 */
export function writeTiff({ data, shape, voxelSizeAngstrom }: Volume): Uint8Array {
  const [nz, ny, nx] = shape;
  const isKnown = voxelSizeAngstrom > 0;
  const size = isKnown ? `unit=nm\nspacing=${Number((voxelSizeAngstrom / 10).toPrecision(9))}\n` : "";
  const text = new TextEncoder().encode(`ImageJ=1.54f\nimages=${nz}\nslices=${nz}\n${size}\0`);
  const resolutionAt = 8 + 2 * Math.ceil(text.length / 2);
  const dataAt = 4 * Math.ceil((resolutionAt + 8) / 4);
  const pageBytes = 4 * nx * ny;
  const entriesOf = (z: number): Entry[] => [
    [256, 4, 1, nx],
    [257, 4, 1, ny],
    [258, 3, 1, 32],
    [259, 3, 1, 1],
    [262, 3, 1, 1],
    ...(z === 0 ? [[270, 2, text.length, 8] as const] : []),
    [273, 4, 1, dataAt + z * pageBytes],
    [277, 3, 1, 1],
    [278, 4, 1, ny],
    [279, 4, 1, pageBytes],
    ...(isKnown
      ? ([
          [282, 5, 1, resolutionAt],
          [283, 5, 1, resolutionAt],
        ] as const)
      : []),
    [296, 3, 1, 1],
    [339, 3, 1, 3],
  ];
  const directoryBytes = 2 + 12 * entriesOf(0).length + 4;
  const directoriesAt = dataAt + nz * pageBytes;
  const byteLength = directoriesAt + nz * directoryBytes;
  if (byteLength > LARGEST_BYTES)
    throw new ConfigError(`a TIFF file cannot be larger than 4 GiB, and this would have ${byteLength} bytes`, {
      hint: "Write MRC instead.",
    });
  const bytes = new Uint8Array(byteLength);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, directoriesAt, true);
  bytes.set(text, 8);
  view.setUint32(resolutionAt, Math.round(1e7 / (isKnown ? voxelSizeAngstrom : 1)), true);
  view.setUint32(resolutionAt + 4, 1e6, true);
  bytes.set(littleEndianBytes(data), dataAt);
  for (let z = 0; z < nz; z++) {
    const at = directoriesAt + z * directoryBytes;
    const entries = entriesOf(z);
    view.setUint16(at, entries.length, true);
    entries.forEach(([field, type, count, value], i) => {
      view.setUint16(at + 2 + 12 * i, field, true);
      view.setUint16(at + 4 + 12 * i, type, true);
      view.setUint32(at + 6 + 12 * i, count, true);
      if (type === 3) view.setUint16(at + 10 + 12 * i, value, true);
      else view.setUint32(at + 10 + 12 * i, value, true);
    });
    view.setUint32(at + 2 + 12 * entries.length, z + 1 < nz ? at + directoryBytes : 0, true);
  }
  return bytes;
}
