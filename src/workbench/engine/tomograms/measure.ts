import { temporaryFolder } from "../../../files/disk/index.js";
import { openTomogramGrid } from "../../../files/tomogram/index.js";
import { describeAdaptation } from "../../../infer/index.js";
import { contrastText, measureTomogram } from "../../../jobs/search/index.js";
import type { TomogramMeasurement } from "../../protocol/index.js";
import type { ViewedTomogram } from "./open-for-viewing.js";

/** The voxels at which the networks look at particles of usual size. */
const SEARCHED_VOXEL_ANGSTROM = 10;

/** What a search would find out of a tomogram before it begins. @throws FileError, FormatError; ConfigError for impossible voxels. */
export async function measureForPeople({ path, voxelSizeAngstrom }: ViewedTomogram): Promise<TomogramMeasurement> {
  await using work = await temporaryFolder();
  await using grid = await openTomogramGrid(path, {
    ...{ voxelSizeAngstrom: SEARCHED_VOXEL_ANGSTROM, fileVoxelSizeAngstrom: voxelSizeAngstrom, workFolder: work.path },
  });
  const { contrast, adaptation } = await measureTomogram(grid, undefined, {
    ...{ adapt: true, inverted: undefined, workFolder: work.path },
  });
  return {
    contrast: contrast.dark ? "dark" : "bright",
    contrastText: contrastText(contrast),
    asMeasured: describeAdaptation(adaptation),
  };
}
