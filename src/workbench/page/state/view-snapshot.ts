/** What of the views makes a link: put together, and put back. */
import { batch, computed } from "@preact/signals";
import type { TomogramInfo, VoxelPosition } from "../../protocol/index.js";
import * as view from "./view.js";

/** What is undefined is as it is without anybody's wish. */
export interface ViewSnapshot {
  readonly tomogramId?: string | undefined;
  readonly cursor?: VoxelPosition | undefined;
  readonly centre?: VoxelPosition | undefined;
  readonly zoom?: number | undefined;
  readonly greyRange?: view.GreyRange | undefined;
  readonly isInverted?: boolean;
  readonly thicknessVoxels?: number;
  readonly lowPassAngstrom?: number | undefined;
  readonly isCoarse?: boolean;
  readonly hiddenLayers?: readonly (keyof view.Layers)[];
  readonly hiddenClassIds?: readonly string[];
  readonly mode?: "sections" | "volume";
  readonly runId?: string | undefined;
}

export const viewSnapshot = computed<ViewSnapshot>(() => ({
  tomogramId: view.tomogramId.value,
  cursor: view.cursor.value,
  centre: view.centre.value,
  zoom: view.zoom.value,
  greyRange: view.greyRange.value,
  isInverted: view.isInverted.value,
  thicknessVoxels: view.thicknessVoxels.value,
  lowPassAngstrom: view.lowPassAngstrom.value,
  isCoarse: !view.isSmooth.value,
  hiddenLayers: view.LAYER_NAMES.filter((name) => !view.layers.value[name]),
  hiddenClassIds: [...view.hiddenClassIds.value],
  mode: view.mode.value,
  runId: view.runId.value,
}));

/** What waits until its tomogram is open. */
let awaited: ViewSnapshot | undefined;

/** Makes the views as a link says; what is about a tomogram that is not shown yet waits for it. */
export function restoreView(snapshot: ViewSnapshot): void {
  batch(() => {
    view.tomogramId.value = snapshot.tomogramId ?? view.tomogramId.peek();
    view.runId.value = snapshot.runId;
    view.mode.value = snapshot.mode ?? "sections";
    view.isSmooth.value = !snapshot.isCoarse;
    view.hiddenClassIds.value = new Set(snapshot.hiddenClassIds);
    const isShown = (name: keyof view.Layers) => !snapshot.hiddenLayers?.includes(name);
    view.layers.value = {
      ...{ crosshair: isShown("crosshair"), examples: isShown("examples") },
      ...{ picks: isShown("picks"), others: isShown("others"), masks: isShown("masks") },
      ...{ averages: isShown("averages"), arrows: isShown("arrows") },
    };
    const info = view.shownTomogram.peek();
    if (info && info.id === view.tomogramId.peek()) lookAt(info, snapshot);
    else awaited = snapshot;
  });
}

/** Shows a tomogram: as a link said, or the whole of it from its middle. One that is shown already stays as it is seen. */
export function showTomogram(info: TomogramInfo): void {
  batch(() => {
    const isShown = view.shownTomogram.peek()?.id === info.id;
    view.shownTomogram.value = info;
    view.tomogramId.value = info.id;
    if (isShown) return view.moveCursor(view.cursor.peek());
    const isAwaited = awaited && (awaited.tomogramId ?? info.id) === info.id;
    lookAt(info, isAwaited ? awaited : undefined);
    awaited = undefined;
  });
}

function lookAt(info: TomogramInfo, snapshot: ViewSnapshot = {}): void {
  const [nz, ny, nx] = info.shape;
  view.cursor.value = view.nearestVoxel(
    snapshot.cursor ?? { x: (nx - 1) / 2, y: (ny - 1) / 2, z: (nz - 1) / 2 },
    info.shape,
  );
  view.centre.value = snapshot.centre;
  view.zoom.value = snapshot.zoom;
  view.greyRange.value = snapshot.greyRange;
  view.greyStatistics.value = undefined;
  view.isInverted.value = snapshot.isInverted ?? false;
  view.thicknessVoxels.value = snapshot.thicknessVoxels ?? 1;
  view.lowPassAngstrom.value = snapshot.lowPassAngstrom;
  view.selection.value = view.hovered.value = view.pointed.value = undefined;
}
