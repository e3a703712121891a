/** Three panes: x, y across z; below it x, z; beside it z, y. So panes side by side share an axis. */
import type { Axis, TomogramInfo, VoxelPosition } from "../../../protocol/index.js";

export interface PaneAxes {
  readonly horizontal: Axis;
  readonly vertical: Axis;
}

/** By the axis that a pane's section is across. */
export const PANE_AXES: Readonly<Record<Axis, PaneAxes>> = {
  z: { horizontal: "x", vertical: "y" },
  y: { horizontal: "x", vertical: "z" },
  x: { horizontal: "z", vertical: "y" },
};

export const AXES = ["x", "y", "z"] as const satisfies readonly Axis[];

export function isInTomogram(voxel: VoxelPosition, shape: TomogramInfo["shape"]): boolean {
  return AXES.every((axis) => voxel[axis] >= 0 && voxel[axis] < voxelsAlong(shape, axis));
}

export function voxelsAlong([nz, ny, nx]: TomogramInfo["shape"], axis: Axis): number {
  return { x: nx, y: ny, z: nz }[axis];
}
