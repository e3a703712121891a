/** Mouse, trackpad, pen and fingers on a pane, as what is meant by them. */
import { createWheelSteps, zoomFactor } from "../geometry/wheel-steps.js";

/** In the device's pixels of the pane. */
export interface PanePoint {
  readonly x: number;
  readonly y: number;
}

export interface GestureTarget {
  pointAt(event: MouseEvent): PanePoint;
  /** Sections further, less than 0 back. */
  turn(steps: number): void;
  zoom(at: PanePoint, factor: number): void;
  /** CSS pixels. */
  pan(right: number, down: number): void;
  click(at: PanePoint): void;
  /** Whether there is something that can be dragged; `drag` and `drop` follow where there is. */
  grab(at: PanePoint): boolean;
  drag(at: PanePoint): void;
  drop(isCancelled: boolean): void;
  hover(at: PanePoint | undefined): void;
  /** Whether a drag with the left button is to move what is shown, whatever is there. */
  readonly isPanning: boolean;
}

/** CSS pixels that a hand moves while it clicks. */
const CLICK_PIXELS = 4;
const FAST = 10;
const LEFT_BUTTON = 0;

interface Press {
  readonly pointerId: number;
  readonly start: PointerEvent;
  last: PointerEvent;
  hasMoved: boolean;
  readonly holds: boolean;
}

export function attachPaneGestures(element: HTMLElement, target: GestureTarget): () => void {
  const wheelSteps = createWheelSteps();
  let press: Press | undefined;
  /** Second finger. */
  let pinch: PointerEvent | undefined;

  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) return target.zoom(target.pointAt(event), zoomFactor(event));
    // Away from the user is further up, as Page Up is.
    const steps = -wheelSteps(event);
    if (steps !== 0) target.turn(steps * (event.shiftKey ? FAST : 1));
  };
  const onDown = (event: PointerEvent) => {
    if (press) {
      if (event.pointerType === "touch" && event.pointerId !== press.pointerId) pinch = event;
      return;
    }
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    const holds = event.button === LEFT_BUTTON && !target.isPanning && target.grab(target.pointAt(event));
    press = { pointerId: event.pointerId, start: event, last: event, hasMoved: false, holds };
    if (event.button !== LEFT_BUTTON) event.preventDefault(); // no scrolling by the middle button
  };
  const onMove = (event: PointerEvent) => {
    if (!press) return target.hover(target.pointAt(event));
    if (pinch) return onPinch(press, event);
    const { start, last } = press;
    press.hasMoved ||= Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) >= CLICK_PIXELS;
    if (!press.hasMoved) return;
    press.last = event;
    if (press.holds) target.drag(target.pointAt(event));
    else target.pan(event.clientX - last.clientX, event.clientY - last.clientY);
  };
  const onPinch = (first: Press, event: PointerEvent) => {
    if (!pinch) return;
    const distance = () =>
      Math.hypot(first.last.clientX - (pinch?.clientX ?? 0), first.last.clientY - (pinch?.clientY ?? 0));
    const before = distance();
    if (event.pointerId === first.pointerId) first.last = event;
    else pinch = event;
    first.hasMoved = true;
    if (before > 0) target.zoom(target.pointAt(pinch), distance() / before);
  };
  const onUp = (event: PointerEvent) => {
    if (pinch?.pointerId === event.pointerId) pinch = undefined;
    if (press?.pointerId !== event.pointerId) return;
    const { holds, hasMoved, start } = press;
    press = pinch = undefined;
    const isCancelled = event.type === "pointercancel";
    if (holds) target.drop(isCancelled || !hasMoved);
    if (!hasMoved && !isCancelled && start.button === LEFT_BUTTON) target.click(target.pointAt(start));
  };
  const onLeave = () => {
    if (!press) target.hover(undefined);
  };

  const controller = new AbortController();
  const listen = { signal: controller.signal };
  element.addEventListener("wheel", onWheel, { ...listen, passive: false });
  element.addEventListener("pointerdown", onDown, listen);
  element.addEventListener("pointermove", onMove, listen);
  element.addEventListener("pointerup", onUp, listen);
  element.addEventListener("pointercancel", onUp, listen);
  element.addEventListener("pointerleave", onLeave, listen);
  element.addEventListener("contextmenu", (event) => event.preventDefault(), listen);
  return () => controller.abort();
}
