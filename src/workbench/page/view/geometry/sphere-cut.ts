/** Where a section cuts a particle, taken for a sphere. */
import type { Axis, VoxelPosition } from "../../../protocol/index.js";

export interface SphereCut {
  readonly position: VoxelPosition;
  readonly radiusVoxels: number;
}

export interface CuttingSection {
  readonly axis: Axis;
  readonly index: number;
  readonly thicknessVoxels: number;
}

/** Radius of the largest circle in which a section, a slab where it is thick, cuts the sphere; 0 where it passes it. */
export function cutRadius(
  { position, radiusVoxels }: SphereCut,
  { axis, index, thicknessVoxels }: CuttingSection,
): number {
  const distance = Math.max(0, Math.abs(position[axis] - index) - (thicknessVoxels - 1) / 2);
  return distance < radiusVoxels ? Math.sqrt(radiusVoxels ** 2 - distance ** 2) : 0;
}
