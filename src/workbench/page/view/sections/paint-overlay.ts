/** What lies over a section: circles of examples and picks, crosshair, scale bar. */

import type { VoxelPosition } from "../../../protocol/index.js";
import type { PaneAxes } from "../geometry/pane-axes.js";
import { pixelOf } from "../geometry/pane-frame.js";
import type { ScaleBar } from "../geometry/scale-bar.js";
import type { MarkerKind } from "../marker.js";
import type { MaskOutline } from "../masks/mask-outlines.js";
import type { MarkerCircle } from "./marker-circles.js";
import type { PaneGeometry } from "./view-geometry.js";

export interface Overlay {
  readonly geometry: PaneGeometry;
  readonly axes: PaneAxes;
  readonly circles: readonly MarkerCircle[];
  readonly outlines: readonly MaskOutline[];
  readonly selectedId: string | undefined;
  readonly hoveredId: string | undefined;
  /** Where the crosshair is, if there is one. */
  readonly crosshair: VoxelPosition | undefined;
  readonly scaleBar: ScaleBar | undefined;
}

const HALO = "#000000a0";
const BRIGHT = "#ffffff";
const CROSSHAIR = "#ffd60ab0";
/** In CSS pixels, all. */
const LEAST_RADIUS = 3;
const CROSSHAIR_GAP = 14;
const WIDTHS: Readonly<Record<MarkerKind, number>> = { example: 2.5, pick: 1.5, other: 1 };
const DASHES = [4, 3];
const DOTS = [1.5, 3];
const FONT = "system-ui, sans-serif";

export function paintOverlay(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const { geometry, circles, selectedId, hoveredId } = overlay;
  context.clearRect(0, 0, geometry.width, geometry.height);
  if (overlay.crosshair) paintCrosshair(context, overlay, overlay.crosshair);
  paintOutlines(context, overlay.outlines, geometry);
  const outlined = new Set(overlay.outlines.map(({ markerId }) => markerId));
  paintCircles(
    context,
    circles.filter(({ marker }) => !outlined.has(marker.id)),
    geometry.pixelRatio,
  );
  for (const circle of circles) {
    if (circle.marker.id === selectedId) paintRing(context, circle, geometry.pixelRatio);
    if (circle.marker.id === hoveredId) paintLabel(context, circle, geometry);
  }
  if (overlay.scaleBar) paintScaleBar(context, overlay.scaleBar, geometry);
}

/** One path for each colour and kind, so that thousands cost no more than their lines. */
function paintCircles(context: CanvasRenderingContext2D, circles: readonly MarkerCircle[], pixelRatio: number): void {
  const groups = new Map<string, { circle: MarkerCircle; path: Path2D }>();
  for (const circle of circles) {
    const { kind, colour, isNegative = false } = circle.marker;
    const key = `${kind} ${colour} ${isNegative}`;
    const group = groups.get(key) ?? { circle, path: new Path2D() };
    groups.set(key, group);
    addCircle(group.path, circle, LEAST_RADIUS * pixelRatio);
    if (kind === "example") addCircle(group.path, { ...circle, radius: 0 }, pixelRatio);
  }
  for (const { circle, path } of groups.values()) {
    const { kind, colour, isNegative } = circle.marker;
    const width = WIDTHS[kind] * pixelRatio;
    const dashes = kind === "other" ? DOTS : isNegative ? DASHES : [];
    context.setLineDash(dashes.map((length) => length * pixelRatio));
    strokeTwice(context, path, { colour, width, pixelRatio });
  }
  context.setLineDash([]);
}

function addCircle(
  path: Path2D,
  { x, y, radius }: Pick<MarkerCircle, "x" | "y" | "radius">,
  leastRadius: number,
): void {
  const drawn = Math.max(leastRadius, radius);
  path.moveTo(x + drawn, y);
  path.arc(x, y, drawn, 0, 2 * Math.PI);
}

/** Masks take the place of their picks' circles. */
function paintOutlines(
  context: CanvasRenderingContext2D,
  outlines: readonly MaskOutline[],
  { frame: { horizontal, vertical }, pixelRatio }: PaneGeometry,
): void {
  const paths = new Map<string, Path2D>();
  for (const { colour, pieces } of outlines) {
    const path = paths.get(colour) ?? new Path2D();
    paths.set(colour, path);
    for (let i = 0; i + 3 < pieces.length; i += 4) {
      path.moveTo(pixelOf(pieces[i]!, horizontal), pixelOf(pieces[i + 1]!, vertical));
      path.lineTo(pixelOf(pieces[i + 2]!, horizontal), pixelOf(pieces[i + 3]!, vertical));
    }
  }
  for (const [colour, path] of paths) strokeTwice(context, path, { colour, width: 2 * pixelRatio, pixelRatio });
}

/** Dark beneath, so that a line is seen on any grey. */
function strokeTwice(
  context: CanvasRenderingContext2D,
  path: Path2D,
  { colour, width, pixelRatio }: { colour: string; width: number; pixelRatio: number },
): void {
  context.lineWidth = width + 1.5 * pixelRatio;
  context.strokeStyle = HALO;
  context.stroke(path);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke(path);
}

function paintRing(context: CanvasRenderingContext2D, circle: MarkerCircle, pixelRatio: number): void {
  const path = new Path2D();
  addCircle(path, { ...circle, radius: circle.radius + 4 * pixelRatio }, 8 * pixelRatio);
  strokeTwice(context, path, { colour: BRIGHT, width: 2 * pixelRatio, pixelRatio });
}

function paintLabel(context: CanvasRenderingContext2D, circle: MarkerCircle, geometry: PaneGeometry): void {
  const { pixelRatio, width, height } = geometry;
  const { label } = circle.marker;
  context.font = `${12 * pixelRatio}px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const [wide, high] = [context.measureText(label).width + 12 * pixelRatio, 20 * pixelRatio];
  const besides = circle.x + circle.radius + 6 * pixelRatio;
  const x = besides + wide <= width ? besides : Math.max(0, circle.x - circle.radius - 6 * pixelRatio - wide);
  const y = Math.min(height - high, Math.max(0, circle.y - high / 2));
  context.fillStyle = "#10141ae0";
  context.beginPath();
  context.roundRect(x, y, wide, high, 4 * pixelRatio);
  context.fill();
  context.fillStyle = BRIGHT;
  context.fillText(label, x + 6 * pixelRatio, y + high / 2);
}

/** Open in the middle, so that what is there is seen. */
function paintCrosshair(context: CanvasRenderingContext2D, { geometry, axes }: Overlay, at: VoxelPosition): void {
  const { frame, width, height, pixelRatio } = geometry;
  const x = Math.round(pixelOf(at[axes.horizontal], frame.horizontal) - 0.5) + 0.5;
  const y = Math.round(pixelOf(at[axes.vertical], frame.vertical) - 0.5) + 0.5;
  const gap = Math.max(CROSSHAIR_GAP * pixelRatio, frame.horizontal.pixelsPerVoxel);
  context.beginPath();
  for (const [from, to] of [
    [0, x - gap],
    [x + gap, width],
  ] as const) {
    context.moveTo(from, y);
    context.lineTo(Math.max(from, to), y);
  }
  for (const [from, to] of [
    [0, y - gap],
    [y + gap, height],
  ] as const) {
    context.moveTo(x, from);
    context.lineTo(x, Math.max(from, to));
  }
  context.lineWidth = Math.max(1, Math.round(pixelRatio));
  context.strokeStyle = CROSSHAIR;
  context.stroke();
}

function paintScaleBar(
  context: CanvasRenderingContext2D,
  bar: ScaleBar,
  { width, height, pixelRatio }: PaneGeometry,
): void {
  const [right, bottom] = [width - 12 * pixelRatio, height - 12 * pixelRatio];
  const thickness = 4 * pixelRatio;
  context.fillStyle = HALO;
  context.fillRect(
    right - bar.pixels - pixelRatio,
    bottom - thickness - pixelRatio,
    bar.pixels + 2 * pixelRatio,
    thickness + 2 * pixelRatio,
  );
  context.fillStyle = BRIGHT;
  context.fillRect(right - bar.pixels, bottom - thickness, bar.pixels, thickness);
  context.font = `600 ${12 * pixelRatio}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.lineWidth = 3 * pixelRatio;
  context.strokeStyle = HALO;
  const at = [right - bar.pixels / 2, bottom - thickness - 3 * pixelRatio] as const;
  context.strokeText(bar.label, ...at);
  context.fillText(bar.label, ...at);
}
