import { FormatError } from "../../../errors.js";
import type { Shape3 } from "../../../volume/index.js";
import type { OpenVolumeOptions, VolumeReading } from "../codec.js";
import { statisticsOf } from "../statistics.js";
import { readNpy } from "./npy.js";

/** An .npy file of two or three dimensions as a volume. @throws FormatError for others, and as `readNpy`. */
export function readNpyVolume(bytes: Uint8Array, { name, voxelSizeAngstrom }: OpenVolumeOptions): VolumeReading {
  const { shape, data } = readNpy(bytes, { name });
  if (shape.length !== 2 && shape.length !== 3)
    throw new FormatError(`an array of ${shape.length} dimensions is not a volume`, name, {
      hint: "Save an array of shape (nz, ny, nx).",
    });
  if (data.length === 0) throw new FormatError(`an array of shape (${shape.join(", ")}) holds no voxels`, name);
  const { nanCount, count } = statisticsOf(data);
  const warnings = voxelSizeAngstrom === undefined ? ["an .npy file states no voxel size"] : [];
  if (nanCount > 0) warnings.push(`${nanCount} of ${count} values are NaN`);
  const ordered = (shape.length === 2 ? [1, ...shape] : shape) as unknown as Shape3;
  return {
    volume: { data, shape: ordered, voxelSizeAngstrom: voxelSizeAngstrom ?? Number.NaN },
    voxelSizeAngstrom,
    statedVoxelSizeAngstrom: undefined,
    warnings,
  };
}
