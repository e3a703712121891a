/** Keeps a canvas as large as its pane, in the device's pixels. */
import { type ReadonlySignal, useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import type { FrameScheduler } from "./frame-scheduler.js";
import type { PaneGeometry } from "./view-geometry.js";

/** A canvas becomes empty when its size changes, so it is painted at once. */
export function useCanvasSize(
  canvas: RefObject<HTMLCanvasElement | null>,
  geometry: ReadonlySignal<PaneGeometry>,
  scheduler: FrameScheduler,
): void {
  useSignalEffect(() => {
    const { width, height, pixelRatio } = geometry.value;
    const element = canvas.current;
    if (!element || (element.width === width && element.height === height)) return;
    Object.assign(element, { width, height });
    element.style.width = `${width / pixelRatio}px`;
    element.style.height = `${height / pixelRatio}px`;
    scheduler.now();
  });
}
