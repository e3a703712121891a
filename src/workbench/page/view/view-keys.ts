/** Keys of the views. The help dialog shows this table. */
import { batch } from "@preact/signals";
import type { Axis } from "../../protocol/index.js";
import { centre, cursor, isInverted, layers, mode, moveCursor, zoom } from "../state/view.js";
import { zoomedAt } from "./geometry/camera.js";
import { AXES, PANE_AXES, voxelsAlong } from "./geometry/pane-axes.js";
import { pixelOf } from "./geometry/pane-frame.js";
import type { ViewModel } from "./sections/view-model.js";

export interface ViewKey {
  /** As `KeyboardEvent.key` has them. */
  readonly keys: readonly string[];
  /** As they stand on a keyboard. */
  readonly text: string;
  readonly does: string;
  act(model: ViewModel, key: { readonly axis: Axis; readonly name: string; readonly isShift: boolean }): void;
}

const FAST = 10;
const ZOOM_STEP = Math.SQRT2;

export const VIEW_KEYS: readonly ViewKey[] = [
  {
    keys: ["PageUp", "PageDown"],
    text: "Page Up, Page Down",
    does: "next section, previous section; with Shift ten further",
    act: (model, { axis, name, isShift }) => step(model, axis, (name === "PageUp" ? 1 : -1) * (isShift ? FAST : 1)),
  },
  {
    keys: ["Home", "End"],
    text: "Home, End",
    does: "first section, last section",
    act: (model, { axis, name }) => step(model, axis, (name === "Home" ? -1 : 1) * voxelsAlong(model.info.shape, axis)),
  },
  {
    keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"],
    text: "← → ↑ ↓",
    does: "move the cursor by a voxel; with Shift by ten",
    act(model, { axis, name, isShift }) {
      const { horizontal, vertical } = PANE_AXES[axis];
      const along = name === "ArrowLeft" || name === "ArrowRight" ? horizontal : vertical;
      step(model, along, (name === "ArrowLeft" || name === "ArrowUp" ? -1 : 1) * (isShift ? FAST : 1));
    },
  },
  {
    keys: ["Enter"],
    text: "Enter",
    does: "the same as a click at the cursor",
    act: (model, { axis }) => model.handlers.onClickVoxel(cursor.peek(), axis),
  },
  {
    keys: ["+", "="],
    text: "+",
    does: "zoom in; also Ctrl and wheel, or two fingers",
    act: (model) => model.look(zoomedAt(model.camera(), cursor.peek(), ZOOM_STEP)),
  },
  {
    keys: ["-", "_"],
    text: "-",
    does: "zoom out",
    act: (model) => model.look(zoomedAt(model.camera(), cursor.peek(), 1 / ZOOM_STEP)),
  },
  { keys: ["0"], text: "0", does: "show the whole tomogram", act: fit },
  {
    keys: ["c"],
    text: "C",
    does: "crosshair on and off",
    act: () => void (layers.value = { ...layers.peek(), crosshair: !layers.peek().crosshair }),
  },
  {
    keys: ["i"],
    text: "I",
    does: "invert the contrast",
    act: () => void (isInverted.value = !isInverted.peek()),
  },
  {
    keys: ["v"],
    text: "V",
    does: "sections or 3-D view",
    act: () => void (mode.value = mode.peek() === "sections" ? "volume" : "sections"),
  },
];

/** What is done with the mouse, for the help dialog. */
export const VIEW_GESTURES = [
  { text: "wheel", does: "next section, previous section; with Shift ten further" },
  { text: "Ctrl and wheel, two fingers", does: "zoom where the pointer is" },
  { text: "drag, or Space and drag", does: "move what is shown; examples are moved themselves" },
  { text: "click", does: "put the cursor there" },
] as const;

/** Whether a key was one of the views'. Keys with Ctrl, Alt or Meta are somebody else's. */
export function pressViewKey(model: ViewModel, axis: Axis, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const key = VIEW_KEYS.find(({ keys }) => keys.includes(name));
  key?.act(model, { axis, name, isShift: event.shiftKey });
  return key !== undefined;
}

/** Shows the whole tomogram. */
export function fit(): void {
  batch(() => {
    centre.value = zoom.value = undefined;
  });
}

/** Moves the cursor, and what is shown with it where the cursor would go out of a pane. */
function step(model: ViewModel, along: Axis, voxels: number): void {
  batch(() => {
    moveCursor({ ...cursor.peek(), [along]: cursor.peek()[along] + voxels });
    const at = cursor.peek();
    const isOutside = AXES.some((axis) => {
      const { frame, width, height } = model.geometry.panes[axis].peek();
      const { horizontal, vertical } = PANE_AXES[axis];
      const [x, y] = [pixelOf(at[horizontal], frame.horizontal), pixelOf(at[vertical], frame.vertical)];
      return x < 0 || y < 0 || x >= width || y >= height;
    });
    if (isOutside) model.look({ ...model.camera(), centre: at });
  });
}
