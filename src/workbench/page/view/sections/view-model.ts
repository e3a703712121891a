/** All that the panes of one tomogram share. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Axis, TomogramInfo, VoxelPosition } from "../../../protocol/index.js";
import { centre, cursor, hiddenClassIds, layers, mode, thicknessVoxels, zoom } from "../../state/view.js";
import type { Camera } from "../geometry/camera.js";
import type { Marker } from "../marker.js";
import type { MaskSurfaces } from "../masks/mask-surfaces.js";
import type { PlacedAverage } from "../placed-average.js";
import { type MarkerCircle, markerCircles } from "./marker-circles.js";
import type { ShownSections } from "./shown-sections.js";
import type { ViewGeometry } from "./view-geometry.js";

export interface ViewHandlers {
  onClickVoxel(position: VoxelPosition, axis: Axis): void;
  onClickMarker?(id: string): void;
  onMoveMarker?(id: string, position: VoxelPosition): void;
}

export interface ViewModel {
  /** Components are made anew for another model. */
  readonly id: number;
  readonly info: TomogramInfo;
  readonly geometry: ViewGeometry;
  readonly sections: ShownSections;
  /** Those that are to be seen, with the one that is being dragged where it is dragged to. */
  readonly markers: ReadonlySignal<readonly Marker[]>;
  /** Whether there are any of kind "other", to be seen or not. */
  readonly hasOthers: ReadonlySignal<boolean>;
  readonly circles: Readonly<Record<Axis, ReadonlySignal<readonly MarkerCircle[]>>>;
  /** Surfaces of the picks' masks, where the run that is shown wrote them and they are to be seen. */
  readonly masks: ReadonlySignal<MaskSurfaces | undefined>;
  /** Averages that may be shown where their particles are; of classes that are to be seen. */
  readonly averages: ReadonlySignal<readonly PlacedAverage[]>;
  readonly dragged: Signal<Pick<Marker, "id" | "position"> | undefined>;
  readonly handlers: ViewHandlers;
  camera(): Camera;
  /** Looks from elsewhere; the middle of the panes stays within the tomogram. */
  look(camera: Camera): void;
}

export interface ViewModelParts extends Pick<ViewModel, "info" | "geometry" | "sections" | "handlers"> {
  readonly allMarkers: ReadonlySignal<readonly Marker[]>;
  readonly allMasks: ReadonlySignal<MaskSurfaces | undefined>;
  readonly allAverages: ReadonlySignal<readonly PlacedAverage[]>;
}

let lastId = 0;

export function createViewModel({ allMarkers, allMasks, allAverages, ...parts }: ViewModelParts): ViewModel {
  const dragged: ViewModel["dragged"] = signal();
  const shown = computed(() => {
    const { examples, picks, others } = layers.value;
    const isShown = { example: examples, pick: picks, other: others && mode.value === "sections" };
    const hidden = hiddenClassIds.value;
    return allMarkers.value.filter(
      ({ kind, classId }) => isShown[kind] && !(classId !== undefined && hidden.has(classId)),
    );
  });
  const hasOthers = computed(() => allMarkers.value.some(({ kind }) => kind === "other"));
  const markers = computed(() => {
    const moved = dragged.value;
    return moved
      ? shown.value.map((marker) => (marker.id === moved.id ? { ...marker, ...moved } : marker))
      : shown.value;
  });
  const circlesAcross = (axis: Axis) => {
    const index = computed(() => cursor.value[axis]); // of the cursor's movements, most are within the section
    return computed(() => {
      const section = { axis, index: index.value, thicknessVoxels: thicknessVoxels.value };
      return markerCircles(markers.value, section, parts.geometry.panes[axis].value.frame);
    });
  };
  const circles = { x: circlesAcross("x"), y: circlesAcross("y"), z: circlesAcross("z") };
  const masks = computed(() => (layers.value.masks ? allMasks.value : undefined));
  const averages = computed(() => allAverages.value.filter(({ classId }) => !hiddenClassIds.value.has(classId)));
  const [nz, ny, nx] = parts.info.shape;
  return {
    ...parts,
    ...{ id: ++lastId, markers, hasOthers, masks, averages, dragged, circles },
    camera: () => ({
      centre: centre.peek() ?? { x: (nx - 1) / 2, y: (ny - 1) / 2, z: (nz - 1) / 2 },
      zoom: parts.geometry.shownZoom.peek(),
    }),
    look: (camera) =>
      batch(() => {
        const within = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
        const { x, y, z } = camera.centre;
        centre.value = { x: within(x, nx), y: within(y, ny), z: within(z, nz) };
        zoom.value = camera.zoom;
      }),
  };
}
