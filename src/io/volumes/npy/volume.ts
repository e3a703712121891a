import { FormatError } from "../../../errors.js";
import { type Shape3, voxelCount } from "../../../volume/index.js";
import type { OpenVolumeOptions, VolumeReading } from "../codec.js";
import { elementBytes, viewNumbers } from "../numbers.js";
import type { RandomAccessSource, VolumeReader } from "../random-access.js";
import { statisticsOf } from "../statistics.js";
import { storedBlocks } from "../stored-blocks.js";
import { readNpy, readNpyHeader } from "./npy.js";

/** An .npy file of two or three dimensions as a volume. @throws FormatError for others, and as `readNpy`. */
export function readNpyVolume(bytes: Uint8Array, { name, voxelSizeAngstrom }: OpenVolumeOptions): VolumeReading {
  const { shape, data } = readNpy(bytes, { name });
  const ordered = volumeShape(shape, name);
  const { nanCount, count } = statisticsOf(data);
  const warnings = sizeWarnings(voxelSizeAngstrom);
  if (nanCount > 0) warnings.push(`${nanCount} of ${count} values are NaN`);
  return {
    volume: { data, shape: ordered, voxelSizeAngstrom: voxelSizeAngstrom ?? Number.NaN },
    voxelSizeAngstrom,
    statedVoxelSizeAngstrom: undefined,
    warnings,
  };
}

/** Numbers of several dimensions have shorter headers. */
const LONGEST_HEADER_BYTES = 4096;

/**
 * Opens an .npy file of any size: only what is asked for is read. Undefined for Fortran order, whose sections along z lie scattered
 * over the file.
 * @throws FormatError as `readNpyVolume`.
 */
export async function openNpyVolume(
  source: RandomAccessSource,
  { name, voxelSizeAngstrom }: OpenVolumeOptions,
): Promise<VolumeReader | undefined> {
  const start = await source.read(0, Math.min(LONGEST_HEADER_BYTES, source.byteLength));
  const header = readNpyHeader(start, { name, byteLength: source.byteLength });
  const shape = volumeShape(header.shape, name);
  if (header.fortranOrder) return undefined;
  const { element, byteOrder, offsetBytes } = header;
  return {
    ...{ shape, voxelSizeAngstrom, statedVoxelSizeAngstrom: undefined, warnings: sizeWarnings(voxelSizeAngstrom) },
    ...storedBlocks(source, {
      ...{ storedShape: shape, offsetBytes, bytesPerVoxel: elementBytes(element) },
      view: (bytes) => viewNumbers(bytes, element, byteOrder),
    }),
  };
}

function volumeShape(shape: readonly number[], name: string): Shape3 {
  if (shape.length !== 2 && shape.length !== 3)
    throw new FormatError(`an array of ${shape.length} dimensions is not a volume`, name, {
      hint: "Save an array of shape (nz, ny, nx).",
    });
  const ordered = (shape.length === 2 ? [1, ...shape] : shape) as unknown as Shape3;
  if (voxelCount(ordered) === 0) throw new FormatError(`an array of shape (${shape.join(", ")}) holds no voxels`, name);
  return ordered;
}

function sizeWarnings(voxelSizeAngstrom: number | undefined): string[] {
  return voxelSizeAngstrom === undefined ? ["an .npy file states no voxel size"] : [];
}
