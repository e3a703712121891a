import type { Vector3 } from "../../volume/index.js";

/**
 * By what a reader finds a particle again: its row of the list (the first is 1) and the voxel of its centre where it was cut out of a
 * tomogram, else its file.
 */
export function particleName(
  index: number,
  { imageName, centreVoxel }: { readonly imageName?: string | undefined; readonly centreVoxel?: Vector3 | undefined },
): string {
  if (!centreVoxel) return imageName ?? `particle ${index + 1}`;
  const { x, y, z } = centreVoxel;
  return `particle ${index + 1}; voxel ${x}, ${y}, ${z}`;
}
