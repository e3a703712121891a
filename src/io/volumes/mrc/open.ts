import type { RandomAccessSource, VolumeReader } from "../random-access.js";
import { storedBlocks } from "../stored-blocks.js";
import { MRC_START_BYTES, type MrcHeader, mrcOrigin, parseMrcHeader } from "./header.js";
import { MRC_MODES, viewVoxels } from "./modes.js";
import { checkMrcLength, chosenVoxelSize, type ReadMrcOptions } from "./read.js";

/** An open MRC file. */
export interface MrcReader extends VolumeReader {
  readonly header: MrcHeader;
}

/**
 * Opens an MRC file of any size, byte order, mode and axis order: only what is asked for is read.
 * @throws FormatError for a bad header or a truncated file; ConfigError for a voxel size that is not a positive number.
 */
export async function openMrc(
  source: RandomAccessSource,
  { name = "MRC", voxelSizeAngstrom: given }: Omit<ReadMrcOptions, "permissive"> = {},
): Promise<MrcReader> {
  const start = await source.read(0, Math.min(MRC_START_BYTES, source.byteLength));
  const { header, warnings } = parseMrcHeader(start, { name, byteLength: source.byteLength });
  const lengthWarning = checkMrcLength(header, source.byteLength, name);
  if (lengthWarning) warnings.push(lengthWarning);
  const voxelSizeAngstrom = chosenVoxelSize(header, given, warnings);
  const { shape, storedShape, axes, mode } = header;
  return {
    ...{ header, shape, voxelSizeAngstrom, warnings },
    statedVoxelSizeAngstrom: header.voxelSizeAngstrom,
    originAngstrom: mrcOrigin(header, voxelSizeAngstrom),
    ...storedBlocks(source, {
      ...{ storedShape, axes, offsetBytes: header.dataOffset, bytesPerVoxel: MRC_MODES[mode].bytesPerVoxel },
      view: (bytes) => viewVoxels(bytes, mode, header),
    }),
  };
}
