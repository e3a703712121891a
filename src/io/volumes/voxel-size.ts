/** What a volume's file says of its voxels where somebody else says otherwise. */
import type { VolumeReading } from "./codec.js";

/** Headers round voxel sizes; those that differ by less than this fraction are the same. */
const SAME_FRACTION = 0.001;

/**
 * The voxel size (Å) that a file states where another was given and is used. Exactly 1 Å states nothing: many programs write it
 * when they do not know.
 */
export function overriddenVoxelSize({
  voxelSizeAngstrom: used,
  statedVoxelSizeAngstrom: stated,
}: Pick<VolumeReading, "voxelSizeAngstrom" | "statedVoxelSizeAngstrom">): number | undefined {
  if (used === undefined || stated === undefined || stated === 1) return undefined;
  return Math.abs(stated / used - 1) > SAME_FRACTION ? stated : undefined;
}
