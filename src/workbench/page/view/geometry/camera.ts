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

/** Zooms so that the position under the pointer stays there; `pointer` is that position. */
export function zoomedAt({ centre, zoom }: Camera, pointer: VoxelPosition, axes: PaneAxes, factor: number): Camera {
  const newZoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom * factor));
  const kept = zoom / newZoom;
  const along = (axis: keyof VoxelPosition) => pointer[axis] + (centre[axis] - pointer[axis]) * kept;
  const { horizontal, vertical } = axes;
  return { zoom: newZoom, centre: { ...centre, [horizontal]: along(horizontal), [vertical]: along(vertical) } };
}

/** Moves what is shown along with the pointer, by CSS pixels. */
export function dragged({ centre, zoom }: Camera, axes: PaneAxes, right: number, down: number): Camera {
  const { horizontal, vertical } = axes;
  const moved = { [horizontal]: centre[horizontal] - right / zoom, [vertical]: centre[vertical] - down / zoom };
  return { zoom, centre: { ...centre, ...moved } };
}
