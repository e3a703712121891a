import { realPath } from "../../files/disk/index.js";
import type { StatedVoxelSize } from "../../files/tomogram/index.js";
import type { PickSettings } from "./options.js";

/** What is said of the voxels of a tomogram that is searched, by whatever name it is given. */
export async function statedVoxelSizeOf(
  path: string,
  { tomogramPaths, tomogramVoxelSizes }: Pick<PickSettings, "tomogramPaths" | "tomogramVoxelSizes">,
): Promise<StatedVoxelSize | undefined> {
  const stated = tomogramPaths.flatMap((other, i) => {
    const size = tomogramVoxelSizes?.[i];
    return size ? [{ other, size }] : [];
  });
  if (stated.length === 0) return undefined;
  const file = await realPath(path);
  for (const { other, size } of stated) if ((await realPath(other).catch(() => undefined)) === file) return size;
  return undefined;
}
