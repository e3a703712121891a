/** How the window is divided between the panes, and how large a voxel is where everything fits. */
import type { TomogramInfo } from "../../../protocol/index.js";

export interface PaneLayout {
  /** CSS pixels: width of the panes on the left, and height of those above. */
  readonly mainWidth: number;
  readonly mainHeight: number;
  /** Width of the pane beside and height of that below: both show z. */
  readonly sideWidth: number;
  readonly sideHeight: number;
  /** CSS pixels a voxel at which the whole tomogram is seen. */
  readonly fittingZoom: number;
}

export const PANE_GAP = 2;
/** The corner between the two panes that show z holds the contrast. */
const LEAST_SIDE = 188;
const LARGEST_SIDE_FRACTION = 0.4;
const MARGIN = 8;

export function paneLayout(width: number, height: number, [nz, ny, nx]: TomogramInfo["shape"]): PaneLayout {
  const [wide, high] = [Math.max(1, width - PANE_GAP), Math.max(1, height - PANE_GAP)];
  const zoom = Math.min(wide / (nx + nz), high / (ny + nz));
  const side = (whole: number) => Math.round(Math.min(Math.max(nz * zoom, LEAST_SIDE), LARGEST_SIDE_FRACTION * whole));
  const [sideWidth, sideHeight] = [side(wide), side(high)];
  const [mainWidth, mainHeight] = [Math.round(wide) - sideWidth, Math.round(high) - sideHeight];
  const room = (pixels: number, voxels: number) => Math.max(1, pixels - MARGIN) / voxels;
  const rooms = [room(mainWidth, nx), room(mainHeight, ny), room(sideWidth, nz), room(sideHeight, nz)];
  return { mainWidth, mainHeight, sideWidth, sideHeight, fittingZoom: Math.min(...rooms) };
}
