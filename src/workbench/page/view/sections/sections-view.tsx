/** Three linked sections of a tomogram through the cursor's voxel. */
import { useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { PANE_GAP } from "../geometry/pane-layout.js";
import { followSpace } from "./held-space.js";
import { SectionPane } from "./section-pane.js";
import { windowSize } from "./view-geometry.js";
import type { ViewModel } from "./view-model.js";

export interface SectionsViewProps {
  readonly model: ViewModel;
  /** What stands in the corner between the smaller panes. */
  readonly children?: ComponentChildren;
}

export function SectionsView({ model, children }: SectionsViewProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => (element.current ? followSize(element.current) : undefined), []);
  useEffect(() => (element.current ? followSpace(element.current) : undefined), []);
  useSignalEffect(() => {
    const { mainWidth, mainHeight, sideWidth, sideHeight } = model.geometry.layout.value;
    if (!element.current) return;
    element.current.style.gridTemplate = `${mainHeight}px ${sideHeight}px / ${mainWidth}px ${sideWidth}px`;
    element.current.style.gap = `${PANE_GAP}px`;
  });
  return (
    <div class="sections" ref={element}>
      {(["z", "x", "y"] as const).map((axis) => (
        <SectionPane key={axis} axis={axis} model={model} />
      ))}
      <div class="corner">{children}</div>
    </div>
  );
}

/** Tells the panes their size before the frame in which it changes is painted. */
function followSize(element: HTMLElement): () => void {
  const observer = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = element;
    windowSize.value = { width, height, pixelRatio: devicePixelRatio };
  });
  observer.observe(element);
  return () => observer.disconnect();
}
