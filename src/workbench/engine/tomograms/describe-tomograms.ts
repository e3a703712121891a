import { ConfigError } from "../../../errors.js";
import { tomogramNames } from "../../../jobs/search/index.js";
import type { ProjectTomogram } from "../../protocol/index.js";
import type { RunTomogram } from "../runs/example-lists.js";
import type { Tomograms } from "./tomograms.js";

/** The tomograms as a run is to take them. @throws ConfigError when nobody says how large the voxels of one are; FileError, FormatError */
export async function describeTomograms(
  project: readonly ProjectTomogram[],
  tomograms: Tomograms,
): Promise<RunTomogram[]> {
  const names = tomogramNames(project.map(({ path }) => path));
  const described: RunTomogram[] = [];
  for (const [index, tomogram] of project.entries()) {
    const { shape, voxelSizeAngstrom, isVoxelSizeKnown } = await tomograms.describe(tomogram);
    if (!isVoxelSizeKnown)
      throw new ConfigError(`nobody says how large the voxels of ${names[index]} are`, {
        hint: "Give the tomogram's voxel size in Å.",
      });
    described.push({ ...tomogram, name: names[index]!, shape, takenVoxelSizeAngstrom: voxelSizeAngstrom });
  }
  return described;
}
