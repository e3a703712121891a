/** What a zoom or a drag makes of what the panes have in their middle. */
import type { VoxelPosition } from "../../../protocol/index.js";
import type { PaneAxes } from "./pane-axes.js";

export interface Camera {
  readonly centre: VoxelPosition;
  /** CSS pixels a voxel. */
  readonly zoom: number;
}

/** CSS pixels a voxel. */
const LEAST_ZOOM = 1 / 32;
const MOST_ZOOM = 64;

/** Zooms so that `kept` stays where it is, in all three panes. */
export function zoomedAt({ centre, zoom }: Camera, kept: VoxelPosition, factor: number): Camera {
  const newZoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom * factor));
  const along = (axis: keyof VoxelPosition) => kept[axis] + ((centre[axis] - kept[axis]) * zoom) / newZoom;
  return { zoom: newZoom, centre: { x: along("x"), y: along("y"), z: along("z") } };
}

/** Moves what is shown along with the pointer, by CSS pixels. */
export function dragged({ centre, zoom }: Camera, axes: PaneAxes, right: number, down: number): Camera {
  const { horizontal, vertical } = axes;
  const moved = { [horizontal]: centre[horizontal] - right / zoom, [vertical]: centre[vertical] - down / zoom };
  return { zoom, centre: { ...centre, ...moved } };
}
