/** All views of a tomogram, and what steers them. */
import { computed, type ReadonlySignal, signal, useComputed } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Axis, EngineClient, TomogramInfo } from "../../protocol/index.js";
import { mode } from "../state/view.js";
import { showTomogram } from "../state/view-snapshot.js";
import { ContrastPanel } from "./contrast/contrast-panel.js";
import type { Marker } from "./marker.js";
import { createMaskSurfaces } from "./masks/mask-surfaces.js";
import { followWantedMasks } from "./masks/wanted-masks.js";
import type { PlacedAverage } from "./placed-average.js";
import { SectionsView } from "./sections/sections-view.js";
import { createShownSections } from "./sections/shown-sections.js";
import { createViewGeometry } from "./sections/view-geometry.js";
import { createViewModel, type ViewHandlers, type ViewModel } from "./sections/view-model.js";
import { StatusLine } from "./status-line.js";
import { pressViewKey } from "./view-keys.js";
import { ViewToolbar } from "./view-toolbar.js";
import { VolumeView } from "./volume/volume-view.js";

/**
 * `onClickVoxel`: a voxel of a section was clicked, with no marker there; the cursor is there already. `onClickMarker`: a marker was
 * clicked, and is selected already. `onMoveMarker`: an example was dragged.
 */
export interface TomogramViewProps extends ViewHandlers {
  readonly client: Pick<EngineClient, "sections" | "surface">;
  readonly info: TomogramInfo;
  readonly markers: ReadonlySignal<readonly Marker[]>;
  /** The run whose masks are shown; undefined where it wrote none. */
  readonly masksRunId?: ReadonlySignal<string | undefined>;
  /** Where averages are shown in 3-D. */
  readonly averages?: ReadonlySignal<readonly PlacedAverage[]>;
  readonly onFailure: (error: unknown) => void;
}

const NO_AVERAGES = signal<readonly PlacedAverage[]>([]);
const NO_RUN = signal<string | undefined>();

export function TomogramView({
  client,
  info,
  markers,
  masksRunId = NO_RUN,
  averages = NO_AVERAGES,
  onFailure,
  ...handlers
}: TomogramViewProps) {
  const latest = useRef<ViewHandlers>(handlers);
  latest.current = handlers;
  const model = useMemo(
    () =>
      createViewModel({
        info,
        geometry: createViewGeometry(info),
        sections: createShownSections(client, info, onFailure),
        ...{ allMarkers: markers, allAverages: averages },
        allMasks: computed(() => (masksRunId.value ? createMaskSurfaces(client, masksRunId.value, info) : undefined)),
        handlers: {
          onClickVoxel: (position, axis) => latest.current.onClickVoxel(position, axis),
          onClickMarker: (id) => latest.current.onClickMarker?.(id),
          onMoveMarker: (id, position) => latest.current.onMoveMarker?.(id, position),
        },
      }),
    [client, info, markers, masksRunId, averages, onFailure],
  );
  // Before the browser paints the panes empty, which takes longer than asking.
  useLayoutEffect(() => showTomogram(info), [info]);
  useLayoutEffect(() => model.sections.follow(), [model]);
  useEffect(() => followWantedMasks(model), [model]);
  useViewKeys(model);
  const hasMasks = useComputed(() => masksRunId.value !== undefined);
  const hasAverages = useComputed(() => averages.value.length > 0);
  return (
    <div class="tomogram-view" key={model.id}>
      <ViewToolbar model={model} hasMasks={hasMasks} hasAverages={hasAverages} />
      {mode.value === "volume" ? (
        <VolumeView model={model} />
      ) : (
        <SectionsView model={model}>
          <ContrastPanel info={info} />
        </SectionsView>
      )}
      <StatusLine info={info} />
    </div>
  );
}

/** Keys count where a view has the focus, and for the large section where nothing has it that has keys of its own. */
function useViewKeys(model: ViewModel): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !(event.target instanceof Element) || document.querySelector("dialog[open]"))
        return;
      const pane = event.target.closest<HTMLElement>("[data-axis]");
      const isButton = event.target.matches("button") && event.key !== "Enter";
      if (!pane && !isButton && event.target !== document.body) return;
      const axis = (pane?.dataset.axis as Axis | undefined) ?? "z"; // data-axis holds nothing else
      if (pressViewKey(model, axis, event)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [model]);
}
