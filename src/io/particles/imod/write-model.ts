import {
  CONTOUR_BYTES,
  HEADER_BYTES,
  type ImodModel,
  type ImodPoint,
  LONGEST_NAME_BYTES,
  OBJECT_BYTES,
  STORE_BYTES,
  STORED_RANGE,
  STORED_VALUE,
} from "./model.js";

const COLOURS = [
  [0, 1, 0],
  [0, 1, 1],
  [1, 0, 1],
  [1, 1, 0],
  [1, 0, 0],
  [0, 0, 1],
] as const;

/**
 * The bytes of a model of scattered points: spheres of `radiusVoxels`, one contour an object. Values of points are stored as
 * IMOD stores general values, so that 3dmod shows and colours by them.
 */
export function writeImodModel(
  { objects, maximum, voxelSizeAngstrom }: Pick<ImodModel, "objects" | "maximum" | "voxelSizeAngstrom">,
  { radiusVoxels = 5 }: { radiusVoxels?: number } = {},
): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + objects.reduce((sum, object) => sum + objectBytes(object), 0) + 4);
  const view = new DataView(bytes.buffer);
  put(bytes, 0, "IMODV1.2");
  put(bytes, 8, "IMOD-NewModel"); // the name that IMOD gives, which some readers look for
  view.setInt32(136, maximum.x);
  view.setInt32(140, maximum.y);
  view.setInt32(144, maximum.z);
  view.setInt32(148, objects.length);
  view.setUint32(152, 0x3000); // clipping planes and materials as since IMOD 3.9
  view.setInt32(156, 1); // draw
  view.setInt32(160, 1); // mouse in model mode
  view.setInt32(164, 0);
  view.setInt32(168, 255);
  for (const offset of [184, 188, 192]) view.setFloat32(offset, 1); // scale along x, y, z
  view.setInt32(208, 3); // drawing resolution
  view.setInt32(212, 128);
  view.setFloat32(216, voxelSizeAngstrom ?? 1);
  view.setInt32(220, voxelSizeAngstrom === undefined ? 0 : -10);
  let at = HEADER_BYTES;
  for (const [index, object] of objects.entries()) {
    put(bytes, at, "OBJT");
    bytes.set(nameBytes(object.name), at + 4);
    view.setInt32(at + 132, object.contours.length);
    view.setUint32(at + 136, 0x200); // scattered points
    const [red, green, blue] = COLOURS[index % COLOURS.length];
    view.setFloat32(at + 148, red);
    view.setFloat32(at + 152, green);
    view.setFloat32(at + 156, blue);
    view.setInt32(at + 160, Math.max(1, Math.round(radiusVoxels)));
    bytes.set([1, 3, 1, 1, 0, 0, 0, 0], at + 164); // symbol circle of size 3, line widths 1
    at += OBJECT_BYTES;
    for (const points of object.contours) {
      at = putContour(bytes, view, at, points);
      at = putValues(bytes, view, at, points);
    }
    at = putRange(bytes, view, at, object.contours.flat());
  }
  put(bytes, at, "IEOF");
  return bytes;
}

const CHUNK_BYTES = 8;

/** How many bytes an object takes: itself, its contours, and what its points' values take. */
function objectBytes({ contours }: ImodModel["objects"][number]): number {
  const values = contours.map(valuesOf);
  const range = values.some((points) => points.length > 0) ? CHUNK_BYTES + STORE_BYTES : 0;
  return contours.reduce((sum, points, index) => {
    const stored = values[index]?.length ?? 0;
    return sum + CONTOUR_BYTES + 12 * points.length + (stored > 0 ? CHUNK_BYTES + STORE_BYTES * stored : 0);
  }, OBJECT_BYTES + range);
}

/** Index and value of the points that have one. */
function valuesOf(points: readonly ImodPoint[]): [index: number, value: number][] {
  return points.flatMap(({ value }, index): [number, number][] => (value === undefined ? [] : [[index, value]]));
}

function putContour(bytes: Uint8Array, view: DataView, at: number, points: readonly ImodPoint[]): number {
  put(bytes, at, "CONT");
  view.setInt32(at + 4, points.length);
  let next = at + CONTOUR_BYTES;
  for (const { x, y, z } of points) {
    view.setFloat32(next, x);
    view.setFloat32(next + 4, y);
    view.setFloat32(next + 8, z);
    next += 12;
  }
  return next;
}

function putValues(bytes: Uint8Array, view: DataView, at: number, points: readonly ImodPoint[]): number {
  const values = valuesOf(points);
  if (values.length === 0) return at;
  put(bytes, at, "COST");
  view.setInt32(at + 4, STORE_BYTES * values.length);
  let next = at + CHUNK_BYTES;
  for (const [index, value] of values) {
    view.setInt16(next, STORED_VALUE.type);
    view.setUint16(next + 2, STORED_VALUE.flags);
    view.setInt32(next + 4, index);
    view.setFloat32(next + 8, value);
    next += STORE_BYTES;
  }
  return next;
}

/** 3dmod colours points by their values between these two. */
function putRange(bytes: Uint8Array, view: DataView, at: number, points: readonly ImodPoint[]): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [, value] of valuesOf(points)) [least, most] = [Math.min(least, value), Math.max(most, value)];
  if (least > most) return at;
  put(bytes, at, "OBST");
  view.setInt32(at + 4, STORE_BYTES);
  view.setInt16(at + CHUNK_BYTES, STORED_RANGE.type);
  view.setUint16(at + CHUNK_BYTES + 2, STORED_RANGE.flags);
  view.setFloat32(at + CHUNK_BYTES + 4, least);
  view.setFloat32(at + CHUNK_BYTES + 8, most);
  return at + CHUNK_BYTES + STORE_BYTES;
}

function nameBytes(name: string): Uint8Array {
  const bytes = new Uint8Array(LONGEST_NAME_BYTES);
  return bytes.subarray(0, new TextEncoder().encodeInto(name, bytes).written);
}

/** A name as an object holds it, of at most 63 bytes; a character that does not fit is left out whole. */
export function imodObjectName(name: string): string {
  return new TextDecoder().decode(nameBytes(name));
}

function put(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i) & 0x7f;
}
