/** What is shown, and how large. */

import type { ReadonlySignal } from "@preact/signals";
import { cursor, isSmooth, LAYER_NAMES, type Layers, layers, mode, zoom } from "../state/view.js";
import { zoomedAt } from "./geometry/camera.js";
import type { ViewModel } from "./sections/view-model.js";
import { fit } from "./view-keys.js";

const LAYER_LABELS = {
  ...{ crosshair: "Crosshair", examples: "Examples", picks: "Picks", others: "None of these" },
  ...{ masks: "Masks", averages: "Averages", arrows: "Arrows" },
} as const satisfies Readonly<Record<keyof Layers, string>>;
const ZOOM_STEP = Math.SQRT2;

export interface ViewToolbarProps {
  readonly model: ViewModel;
  readonly hasMasks: ReadonlySignal<boolean>;
  readonly hasAverages: ReadonlySignal<boolean>;
}

export function ViewToolbar({ model, hasMasks, hasAverages }: ViewToolbarProps) {
  const isInSpace = mode.value === "volume";
  const isOffered = (name: keyof Layers) => {
    if (name === "masks") return hasMasks.value;
    if (name === "averages" || name === "arrows") return isInSpace && hasAverages.value;
    if (name === "others") return !isInSpace && model.hasOthers.value;
    return name !== "crosshair" || !isInSpace;
  };
  const names = LAYER_NAMES.filter(isOffered);
  const zoomBy = (factor: number) => model.look(zoomedAt(model.camera(), cursor.peek(), factor));
  return (
    <div class="view-toolbar" role="toolbar" aria-label="View">
      <span class="button-row">
        {(["sections", "volume"] as const).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={mode.value === name}
            onClick={() => void (mode.value = name)}
            title={name === "volume" ? "The tomogram in 3-D (V)" : "Three sections through the cursor (V)"}
          >
            {name === "sections" ? "Sections" : "3-D"}
          </button>
        ))}
      </span>
      {!isInSpace && (
        <span class="button-row">
          <button type="button" aria-label="Zoom out" title="Zoom out (−)" onClick={() => zoomBy(1 / ZOOM_STEP)}>
            −
          </button>
          <output class="zoom-text" aria-label="Zoom">
            {Math.round(100 * model.geometry.shownZoom.value)} %
          </output>
          <button type="button" aria-label="Zoom in" title="Zoom in (+)" onClick={() => zoomBy(ZOOM_STEP)}>
            +
          </button>
          <button
            type="button"
            aria-pressed={zoom.value === undefined}
            title="Show the whole tomogram (0)"
            onClick={fit}
          >
            Fit
          </button>
        </span>
      )}
      <fieldset class="button-row" aria-label="Layers">
        {names.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={layers.value[name]}
            onClick={() => void (layers.value = { ...layers.value, [name]: !layers.value[name] })}
          >
            {LAYER_LABELS[name]}
          </button>
        ))}
        {!isInSpace && (
          <button
            type="button"
            aria-pressed={isSmooth.value}
            title="Interpolate between voxels"
            onClick={() => void (isSmooth.value = !isSmooth.value)}
          >
            Smooth
          </button>
        )}
      </fieldset>
    </div>
  );
}
