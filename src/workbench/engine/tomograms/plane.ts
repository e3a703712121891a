/** Planes of voxels across an axis, as the page shows them. */
import type { Shape3 } from "../../../volume/index.js";
import type { Axis } from "../../protocol/index.js";

export interface PlaneShape {
  /** How many planes there are across the axis. */
  readonly count: number;
  readonly width: number;
  readonly height: number;
}

/** Rows and columns are (y, x) across z, (z, x) across y, (z, y) across x. */
export function planeShape([nz, ny, nx]: Shape3, axis: Axis): PlaneShape {
  if (axis === "z") return { count: nz, width: nx, height: ny };
  if (axis === "y") return { count: ny, width: nx, height: nz };
  return { count: nx, width: ny, height: nz };
}
