import { openTomogram, type Tomogram } from "../../../files/tomogram/index.js";
import type { ProjectTomogram } from "../../protocol/index.js";

/** Of a file that does not say it; positions in voxels do not need it, scale bars and runs do. */
const ASSUMED_ANGSTROM = 1;

export interface ViewedTomogram extends Tomogram {
  /** The file or a person says how large the voxels are. */
  readonly isVoxelSizeKnown: boolean;
}

/**
 * Opens a tomogram to be looked at: one whose file does not say how large its voxels are can be seen all the same.
 * @throws FileError, FormatError
 */
export async function openForViewing({ path, voxelSizeAngstrom }: ProjectTomogram): Promise<ViewedTomogram> {
  const tomogram = await openTomogram(path, { voxelSizeAngstrom, fallbackVoxelSizeAngstrom: ASSUMED_ANGSTROM });
  const stated = tomogram.statedVoxelSizeAngstrom;
  if (voxelSizeAngstrom !== undefined) {
    const instead = stated === undefined || stated === voxelSizeAngstrom ? "" : `, instead of the header's ${stated} Å`;
    return { ...tomogram, isVoxelSizeKnown: true, voxelSizeSource: `as you say${instead}` };
  }
  if (stated !== undefined && stated !== ASSUMED_ANGSTROM) return { ...tomogram, isVoxelSizeKnown: true };
  const isStated = stated !== undefined;
  return {
    ...tomogram,
    isVoxelSizeKnown: false,
    voxelSizeSource: isStated ? "the header says 1 Å, as programs write that do not know" : "the file does not say it",
    warnings: [
      ...tomogram.warnings,
      isStated
        ? "give the true voxel size before a run"
        : "the file does not say how large its voxels are: give the voxel size before a run",
    ],
  };
}
