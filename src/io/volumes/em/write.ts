import type { Volume } from "../../../volume/index.js";
import { littleEndianBytes } from "../numbers.js";

/**
 * The bytes of a little-endian .em file of float32, as TOM, PyTom and STOPGAP read it. The voxel size, when known, is
 * written in the header's seventh parameter as hundredths of an Angstrom, where few programs look.
 */
export function writeEm({ data, shape, voxelSizeAngstrom }: Volume): Uint8Array {
  const bytes = new Uint8Array(512 + 4 * data.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = 6; // machine: PC
  bytes[3] = 5; // float32
  const [nz, ny, nx] = shape;
  view.setInt32(4, nx, true);
  view.setInt32(8, ny, true);
  view.setInt32(12, nz, true);
  if (voxelSizeAngstrom > 0) view.setInt32(120, Math.round(100 * voxelSizeAngstrom), true);
  bytes.set(littleEndianBytes(data), 512);
  return bytes;
}
