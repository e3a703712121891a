/** Asks for the masks that are in sight. */
import { effect } from "@preact/signals";
import { cursor, mode } from "../../state/view.js";
import type { ViewModel } from "../sections/view-model.js";

/** A 3-D view of more shows no more. */
const MOST_IN_SPACE = 1000;

/** Until the function that it gives is called. */
export function followWantedMasks({ masks, markers, circles }: ViewModel): () => void {
  return effect(() => {
    const surfaces = masks.value;
    if (!surfaces) return;
    if (mode.value === "sections") {
      const cut = new Set([circles.z, circles.y, circles.x].flatMap(({ value }) => value.map(({ marker }) => marker)));
      surfaces.want([...cut].filter(({ kind, isNegative }) => kind === "pick" && !isNegative));
      return;
    }
    const { x, y, z } = cursor.peek();
    const distances = markers.value
      .filter(({ kind, isNegative }) => kind === "pick" && !isNegative)
      .map((marker) => ({
        marker,
        distance: Math.hypot(marker.position.x - x, marker.position.y - y, marker.position.z - z),
      }))
      .sort((a, b) => a.distance - b.distance);
    surfaces.want(distances.slice(0, MOST_IN_SPACE).map(({ marker }) => marker));
  });
}
