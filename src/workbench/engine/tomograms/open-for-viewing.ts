import { openTomogram, type Tomogram } from "../../../files/tomogram/index.js";
import type { ProjectTomogram } from "../../protocol/index.js";

/** Of a file that does not say it; positions in voxels do not need it, scale bars and runs do. */
const ASSUMED_ANGSTROM = 1;

/**
 * Opens a tomogram to be looked at: one whose file does not say how large its voxels are can be seen all the same.
 * @throws FileError, FormatError
 */
export async function openForViewing({ path, voxelSizeAngstrom }: ProjectTomogram): Promise<Tomogram> {
  const tomogram = await openTomogram(path, { voxelSizeAngstrom, fallbackVoxelSizeAngstrom: ASSUMED_ANGSTROM });
  const stated = tomogram.statedVoxelSizeAngstrom;
  if (voxelSizeAngstrom !== undefined) {
    const instead = stated === undefined || stated === voxelSizeAngstrom ? "" : `, instead of the header's ${stated} Å`;
    return { ...tomogram, voxelSizeSource: `as you say${instead}` };
  }
  if (stated !== undefined && stated !== ASSUMED_ANGSTROM) return tomogram;
  const says = stated === undefined ? "does not say" : "says 1 Å, as programs do that do not know";
  return {
    ...tomogram,
    voxelSizeSource: `the file ${says}`,
    warnings: [...tomogram.warnings, `how large the voxels are the file ${says}: give the voxel size before a run`],
  };
}
