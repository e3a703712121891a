/** Three linked sections of a tomogram through the cursor's voxel. */
import { useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { EngineClient, TomogramInfo } from "../../../protocol/index.js";
import { showTomogram } from "../../state/view.js";
import { PANE_GAP } from "../geometry/pane-layout.js";
import { SectionPane } from "./section-pane.js";
import { createShownSections } from "./shown-sections.js";
import { createViewGeometry, windowSize } from "./view-geometry.js";

export interface SectionsViewProps {
  readonly client: Pick<EngineClient, "section">;
  readonly info: TomogramInfo;
  readonly onFailure: (error: unknown) => void;
  /** What stands in the corner between the smaller panes. */
  readonly children?: ComponentChildren;
}

export function SectionsView({ client, info, onFailure, children }: SectionsViewProps) {
  const element = useRef<HTMLDivElement>(null);
  const geometry = useMemo(() => createViewGeometry(info), [info]);
  const sections = useMemo(() => createShownSections(client, info, onFailure), [client, info, onFailure]);
  useEffect(() => showTomogram(info), [info]);
  useEffect(() => sections.follow(), [sections]);
  useEffect(() => (element.current ? followSize(element.current) : undefined), []);
  useSignalEffect(() => {
    const { mainWidth, mainHeight, sideWidth, sideHeight } = geometry.layout.value;
    if (!element.current) return;
    element.current.style.gridTemplate = `${mainHeight}px ${sideHeight}px / ${mainWidth}px ${sideWidth}px`;
    element.current.style.gap = `${PANE_GAP}px`;
  });
  return (
    <div class="sections" ref={element}>
      {(["z", "x", "y"] as const).map((axis) => (
        <SectionPane key={axis} axis={axis} geometry={geometry.panes[axis]} section={sections.of[axis]} />
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
