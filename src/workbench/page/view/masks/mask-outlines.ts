/** Outlines of the masks that a section cuts. */
import type { Axis, Surface } from "../../../protocol/index.js";
import { AXES } from "../geometry/pane-axes.js";
import type { Marker } from "../marker.js";
import { cutSurface } from "./surface-cut.js";

export interface MaskOutline {
  readonly markerId: string;
  readonly colour: string;
  /** As `cutSurface` gives them. */
  readonly pieces: Float32Array;
}

export function maskOutlines(
  markers: readonly Marker[],
  surfaces: ReadonlyMap<string, Surface> | undefined,
  { axis, index }: { readonly axis: Axis; readonly index: number },
): MaskOutline[] {
  if (!surfaces || surfaces.size === 0) return [];
  return markers.flatMap(({ id, colour }) => {
    const surface = surfaces.get(id);
    if (!surface || !reaches(surface, axis, index)) return [];
    return [{ markerId: id, colour, pieces: cutSurface(surface, axis, index) }];
  });
}

const extents = new WeakMap<Surface, readonly (readonly [from: number, to: number])[]>();

function reaches(surface: Surface, axis: Axis, index: number): boolean {
  const known = extents.get(surface) ?? AXES.map((_, along) => extentAlong(surface, along));
  extents.set(surface, known);
  const [from, to] = known[AXES.indexOf(axis)]!;
  return from <= index && index <= to;
}

function extentAlong({ positions }: Surface, along: number): readonly [from: number, to: number] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = along; i < positions.length; i += 3) {
    from = Math.min(from, positions[i]!);
    to = Math.max(to, positions[i]!);
  }
  return [from, to];
}
