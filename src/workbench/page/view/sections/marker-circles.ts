/** Markers as circles where a section cuts them, in pixels of the pane. */
import { PANE_AXES } from "../geometry/pane-axes.js";
import { type PaneFrame, pixelOf } from "../geometry/pane-frame.js";
import { type CuttingSection, cutRadius } from "../geometry/sphere-cut.js";
import { MARKER_KINDS, type Marker } from "../marker.js";

export interface MarkerCircle {
  readonly marker: Marker;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Circles of the markers that a section cuts, in their order. */
export function markerCircles(markers: readonly Marker[], section: CuttingSection, frame: PaneFrame): MarkerCircle[] {
  const { horizontal, vertical } = PANE_AXES[section.axis];
  const circles: MarkerCircle[] = [];
  for (const marker of markers) {
    const radiusVoxels = cutRadius(marker, section);
    if (radiusVoxels === 0) continue;
    circles.push({
      marker,
      x: pixelOf(marker.position[horizontal], frame.horizontal),
      y: pixelOf(marker.position[vertical], frame.vertical),
      radius: radiusVoxels * frame.horizontal.pixelsPerVoxel,
    });
  }
  return circles;
}

/** The marker whose circle a point is in, examples before picks before others, the nearest of several; small circles can be hit, too. */
export function markerAt(
  circles: readonly MarkerCircle[],
  x: number,
  y: number,
  leastRadius: number,
): Marker | undefined {
  let best: { marker: Marker; distance: number } | undefined;
  for (const circle of circles) {
    const distance = Math.hypot(circle.x - x, circle.y - y);
    if (distance > Math.max(circle.radius, leastRadius)) continue;
    const later = best ? rank(circle.marker) - rank(best.marker) : -1;
    if (!best || later < 0 || (later === 0 && distance < best.distance)) best = { marker: circle.marker, distance };
  }
  return best?.marker;
}

function rank({ kind }: Marker): number {
  return MARKER_KINDS.indexOf(kind);
}
