/** What a pane does when it is pointed at, clicked, dragged and turned. */
import { batch } from "@preact/signals";
import type { Axis, Section, VoxelPosition } from "../../../protocol/index.js";
import { cursor, hovered, moveCursor, pointed, selection } from "../../state/view.js";
import { dragged, zoomedAt } from "../geometry/camera.js";
import { isInTomogram, PANE_AXES } from "../geometry/pane-axes.js";
import { pointerPixel, voxelAt, voxelPositionAt } from "../geometry/pane-frame.js";
import { isSpaceHeld } from "./held-space.js";
import { markerAt } from "./marker-circles.js";
import type { GestureTarget, PanePoint } from "./pane-gestures.js";
import type { ViewModel } from "./view-model.js";

/** CSS pixels around a marker's middle that count as the marker, however small its circle is. */
const HIT_RADIUS = 7;

export function createPaneControls(axis: Axis, model: ViewModel, element: HTMLElement): GestureTarget {
  const axes = PANE_AXES[axis];
  const geometry = model.geometry.panes[axis];

  const voxelOf = ({ x, y }: PanePoint): VoxelPosition => {
    const { frame } = geometry.peek();
    return {
      ...cursor.peek(),
      [axes.horizontal]: voxelAt(x, frame.horizontal),
      [axes.vertical]: voxelAt(y, frame.vertical),
    };
  };
  const positionOf = ({ x, y }: PanePoint): VoxelPosition => {
    const { frame } = geometry.peek();
    const along = {
      [axes.horizontal]: voxelPositionAt(x, frame.horizontal),
      [axes.vertical]: voxelPositionAt(y, frame.vertical),
    };
    return { ...cursor.peek(), ...along };
  };
  const isInside = (position: VoxelPosition) => isInTomogram(position, model.info.shape);
  const hit = ({ x, y }: PanePoint) =>
    markerAt(model.circles[axis].peek(), x, y, HIT_RADIUS * geometry.peek().pixelRatio);

  let grabbed: { readonly id: string; readonly offset: PanePoint } | undefined;
  return {
    get isPanning() {
      return isSpaceHeld();
    },
    pointAt({ clientX, clientY }) {
      const { left, top } = element.getBoundingClientRect();
      const { pixelRatio } = geometry.peek();
      const on = (client: number, edge: number) => pointerPixel(client, pixelRatio) - Math.round(edge * pixelRatio);
      return { x: on(clientX, left), y: on(clientY, top) };
    },
    turn(steps) {
      moveCursor({ ...cursor.peek(), [axis]: cursor.peek()[axis] + steps });
    },
    zoom(at, factor) {
      model.look(zoomedAt(model.camera(), positionOf(at), factor));
    },
    pan(right, down) {
      model.look(dragged(model.camera(), axes, right, down));
    },
    click(at) {
      const marker = hit(at);
      const position = marker?.position ?? voxelOf(at);
      if (!isInside(position)) return;
      batch(() => {
        moveCursor(position);
        selection.value = marker?.id;
      });
      if (marker) model.handlers.onClickMarker?.(marker.id);
      else model.handlers.onClickVoxel(cursor.peek(), axis);
    },
    grab(at) {
      const marker = hit(at);
      const circle = model.circles[axis].peek().find((other) => other.marker === marker);
      if (!circle || marker?.kind !== "example" || !model.handlers.onMoveMarker) return false;
      grabbed = { id: marker.id, offset: { x: circle.x - at.x, y: circle.y - at.y } };
      return true;
    },
    drag({ x, y }) {
      if (!grabbed) return;
      const { id, offset } = grabbed;
      const before = model.markers.peek().find((marker) => marker.id === id)?.position;
      const over = voxelOf({ x: x + offset.x, y: y + offset.y });
      const position = before && {
        ...before,
        [axes.horizontal]: over[axes.horizontal],
        [axes.vertical]: over[axes.vertical],
      };
      if (position && isInside(position)) model.dragged.value = { id, position };
    },
    drop(isCancelled) {
      const moved = model.dragged.peek();
      grabbed = undefined;
      if (moved && !isCancelled) model.handlers.onMoveMarker?.(moved.id, moved.position);
      model.dragged.value = undefined;
    },
    hover(at) {
      const position = at && voxelOf(at);
      batch(() => {
        hovered.value = at && hit(at)?.id;
        const grey = position && greyAt(model.sections.of[axis].peek(), axis, position);
        pointed.value = position && isInside(position) ? { axis, position, grey } : undefined;
      });
    },
  };
}

/** Rows of a section across x are along z, though its pane shows z to the right. */
function greyAt(section: Section | undefined, axis: Axis, { x, y, z }: VoxelPosition): number | undefined {
  const [row, column] = axis === "z" ? [y, x] : axis === "y" ? [z, x] : [z, y];
  return section?.values[row * section.width + column];
}
