/** One of the three sections, and what lies over it. */
import { useComputed, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Axis } from "../../../protocol/index.js";
import { cursor, hovered, isInverted, isSmooth, layers, selection, shownGreyRange } from "../../state/view.js";
import { PANE_AXES, voxelsAlong } from "../geometry/pane-axes.js";
import { scaleBar } from "../geometry/scale-bar.js";
import { maskOutlines } from "../masks/mask-outlines.js";
import { createFrameScheduler } from "./frame-scheduler.js";
import { paintOverlay } from "./paint-overlay.js";
import { createSectionPainter } from "./paint-section.js";
import { createPaneControls } from "./pane-controls.js";
import { attachPaneGestures } from "./pane-gestures.js";
import { useCanvasSize } from "./use-canvas-size.js";
import type { ViewModel } from "./view-model.js";

export interface SectionPaneProps {
  readonly axis: Axis;
  readonly model: ViewModel;
}

export function SectionPane({ axis, model }: SectionPaneProps) {
  const pane = useRef<HTMLDivElement>(null);
  useEffect(
    () => (pane.current ? attachPaneGestures(pane.current, createPaneControls(axis, model, pane.current)) : undefined),
    [axis, model],
  );
  const { horizontal, vertical } = PANE_AXES[axis];
  const index = useComputed(() => `${axis} ${cursor.value[axis]} / ${voxelsAlong(model.info.shape, axis) - 1}`);
  return (
    <div
      class={`pane pane-${axis}`}
      ref={pane}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is interactive, whatever its element
      tabIndex={0}
      data-axis={axis}
      role="application"
      aria-label={`Section across ${axis}`}
      aria-description={`${horizontal} to the right, ${vertical} down; arrow keys move the cursor, Page Up and Page Down change the section`}
    >
      <SectionCanvas axis={axis} model={model} />
      <OverlayCanvas axis={axis} model={model} />
      <span class="pane-index">{index}</span>
      <span class="pane-axes" aria-hidden="true">
        {horizontal} → {vertical} ↓
      </span>
    </div>
  );
}

function SectionCanvas({ axis, model }: SectionPaneProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const geometry = model.geometry.panes[axis];
  const section = model.sections.of[axis];
  const painter = useMemo(() => createSectionPainter(axis), [axis]);
  const view = useComputed(() => ({
    frame: geometry.value.frame,
    scale: { range: shownGreyRange.value, isInverted: isInverted.value },
    isSmooth: isSmooth.value,
  }));
  const scheduler = useMemo(
    () =>
      createFrameScheduler(() => {
        const context = canvas.current?.getContext("2d", { alpha: false });
        if (context) painter.paint(context, section.peek(), view.peek());
      }),
    [painter, section, view],
  );
  useEffect(() => scheduler.stop, [scheduler]);
  useCanvasSize(canvas, geometry, scheduler);
  useSignalEffect(() => {
    void [view.value, section.value];
    scheduler.request();
  });
  return <canvas ref={canvas} />;
}

/** The scale bar is at most this fraction of its pane. */
const BAR_FRACTION = 0.25;
const LONGEST_BAR = 160;

function OverlayCanvas({ axis, model }: SectionPaneProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const geometry = model.geometry.panes[axis];
  const overlay = useComputed(() => {
    const { frame, width, pixelRatio } = geometry.value;
    const angstromPerPixel = model.info.voxelSizeAngstrom / frame.horizontal.pixelsPerVoxel;
    const most = Math.min(BAR_FRACTION * width, LONGEST_BAR * pixelRatio);
    return {
      geometry: geometry.value,
      axes: PANE_AXES[axis],
      circles: model.circles[axis].value,
      outlines: maskOutlines(model.markers.value, model.masks.value?.here.value, { axis, index: cursor.value[axis] }),
      selectedId: selection.value,
      hoveredId: hovered.value,
      crosshair: layers.value.crosshair ? cursor.value : undefined,
      scaleBar: axis === "z" && most > 0 ? scaleBar(angstromPerPixel, most) : undefined,
    };
  });
  const scheduler = useMemo(
    () =>
      createFrameScheduler(() => {
        const context = canvas.current?.getContext("2d");
        if (context) paintOverlay(context, overlay.peek());
      }),
    [overlay],
  );
  useEffect(() => scheduler.stop, [scheduler]);
  useCanvasSize(canvas, geometry, scheduler);
  useSignalEffect(() => {
    void overlay.value;
    scheduler.request();
  });
  return <canvas ref={canvas} />;
}
