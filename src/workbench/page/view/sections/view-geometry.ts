/** Sizes of the panes and where they show what, as they follow from window, tomogram, zoom and centre. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Axis, TomogramInfo, VoxelPosition } from "../../../protocol/index.js";
import { centre, zoom } from "../../state/view.js";
import { PANE_AXES } from "../geometry/pane-axes.js";
import { lineFrame, type PaneFrame } from "../geometry/pane-frame.js";
import { type PaneLayout, paneLayout } from "../geometry/pane-layout.js";

/** Of the part of the window that the panes have. */
export interface WindowSize {
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
}

export interface PaneGeometry {
  /** Of its canvas, in the device's pixels. */
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
  readonly frame: PaneFrame;
}

export const windowSize = signal<WindowSize>({ width: 0, height: 0, pixelRatio: 1 });

export interface ViewGeometry {
  readonly layout: ReadonlySignal<PaneLayout>;
  /** CSS pixels a voxel. */
  readonly shownZoom: ReadonlySignal<number>;
  readonly panes: Readonly<Record<Axis, ReadonlySignal<PaneGeometry>>>;
}

export function createViewGeometry({ shape }: Pick<TomogramInfo, "shape">): ViewGeometry {
  const [nz, ny, nx] = shape;
  const middle: VoxelPosition = { x: (nx - 1) / 2, y: (ny - 1) / 2, z: (nz - 1) / 2 };
  const layout = computed(() => paneLayout(windowSize.value.width, windowSize.value.height, shape));
  const shownZoom = computed(() => zoom.value ?? layout.value.fittingZoom);
  const pane = (axis: Axis) =>
    computed<PaneGeometry>(() => {
      const { pixelRatio } = windowSize.value;
      const { mainWidth, mainHeight, sideWidth, sideHeight } = layout.value;
      const width = Math.round((axis === "x" ? sideWidth : mainWidth) * pixelRatio);
      const height = Math.round((axis === "y" ? sideHeight : mainHeight) * pixelRatio);
      const pixelsPerVoxel = shownZoom.value * pixelRatio;
      const { horizontal, vertical } = PANE_AXES[axis];
      const at = centre.value ?? middle;
      const frame = {
        horizontal: lineFrame(at[horizontal], width, pixelsPerVoxel),
        vertical: lineFrame(at[vertical], height, pixelsPerVoxel),
      };
      return { width, height, pixelRatio, frame };
    });
  return { layout, shownZoom, panes: { x: pane("x"), y: pane("y"), z: pane("z") } };
}
