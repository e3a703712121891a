/** One of the three sections. */
import { type ReadonlySignal, useComputed, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Axis, Section } from "../../../protocol/index.js";
import { isInverted, isSmooth, shownGreyRange } from "../../state/view.js";
import { PANE_AXES } from "../geometry/pane-axes.js";
import { createFrameScheduler } from "./frame-scheduler.js";
import { createSectionPainter } from "./paint-section.js";
import type { PaneGeometry } from "./view-geometry.js";

export interface SectionPaneProps {
  readonly axis: Axis;
  readonly geometry: ReadonlySignal<PaneGeometry>;
  /** What is there to show: the section that is wanted, or the last before it. */
  readonly section: ReadonlySignal<Section | undefined>;
}

export function SectionPane({ axis, geometry, section }: SectionPaneProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
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
  useSignalEffect(() => {
    const { width, height, pixelRatio } = geometry.value;
    const element = canvas.current;
    if (!element || (element.width === width && element.height === height)) return;
    Object.assign(element, { width, height });
    element.style.width = `${width / pixelRatio}px`;
    element.style.height = `${height / pixelRatio}px`;
    scheduler.now();
  });
  useSignalEffect(() => {
    void [view.value, section.value];
    scheduler.request();
  });
  const { horizontal, vertical } = PANE_AXES[axis];
  return (
    <div class={`pane pane-${axis}`}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Section across ${axis}: ${horizontal} to the right, ${vertical} down`}
      />
    </div>
  );
}
