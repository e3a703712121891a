/** IMOD's binary model file: objects of contours of points. */
import { FormatError } from "../../../errors.js";
import type { Vector3 } from "../../../volume/index.js";
import {
  CONTOUR_BYTES,
  HEADER_BYTES,
  IMAGE_ORIGIN_STATED,
  type ImodModel,
  type ImodPoint,
  LAST_VIEWED_FLIPPED,
  LONGEST_NAME_BYTES,
  OBJECT_BYTES,
  STORE_BYTES,
  STORED_VALUE,
} from "./model.js";

/** Whether a file begins as every IMOD model does. */
export function looksLikeImod(bytes: Uint8Array): boolean {
  return ascii(bytes, 0, 8) === "IMODV1.2";
}

/** An image's voxels, and where of it the part begins that the model was drawn on. */
interface DrawnOn {
  readonly spacing: Vector3;
  readonly start: Vector3;
}

/**
 * Reads an IMOD model (big-endian). Chunks that hold no points (meshes, views, labels) are passed over.
 * Source: "IMOD binary file format", bio3d.colorado.edu/imod/doc/binspec.html.
 * @throws FormatError with the byte where the file contradicts itself or ends.
 */
export function readImodModel(bytes: Uint8Array, { name = "IMOD model" }: { name?: string } = {}): ImodModel {
  if (!looksLikeImod(bytes)) throw new FormatError('not an IMOD model: it does not start with "IMODV1.2"', name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const need = (at: number, length: number): void => {
    if (at + length > bytes.byteLength)
      throw new FormatError(`the file ends at byte ${bytes.byteLength} of at least ${at + length}`, name, {
        hint: "Copy the file again.",
      });
  };
  need(0, HEADER_BYTES);
  const objects: { name: string; contours: ImodPoint[][] }[] = [];
  let drawnOn: DrawnOn | undefined;
  let at = HEADER_BYTES;
  while (at + 4 <= bytes.byteLength) {
    const id = ascii(bytes, at, 4);
    if (id === "IEOF") break;
    if (id === "OBJT") {
      need(at, OBJECT_BYTES);
      objects.push({
        name: nameAt(bytes, at + 4),
        contours: [],
      });
      at += OBJECT_BYTES;
    } else if (id === "CONT") {
      need(at, CONTOUR_BYTES);
      const count = view.getInt32(at + 4);
      const object = objects.at(-1);
      if (count < 0 || !object)
        throw new FormatError(
          `a contour of ${count} points${object ? "" : " outside of any object"}`,
          `${name}, byte ${at}`,
        );
      need(at, CONTOUR_BYTES + 12 * count);
      const points = at + CONTOUR_BYTES;
      object.contours.push(Array.from({ length: count }, (_, i) => vectorAt(view, points + 12 * i)));
      at += CONTOUR_BYTES + 12 * count;
    } else if (id === "MESH") {
      need(at, 20);
      const [vertices, indices] = [view.getInt32(at + 4), view.getInt32(at + 8)];
      if (vertices < 0 || indices < 0) throw new FormatError("a mesh of negative size", `${name}, byte ${at}`);
      at += 20 + 12 * vertices + 4 * indices;
    } else {
      need(at, 8);
      const length = view.getInt32(at + 4);
      if (length < 0 || !/^[A-Z0-9]{4}$/.test(id))
        throw new FormatError("this is not a chunk of an IMOD model", `${name}, byte ${at}`);
      need(at, 8 + length);
      if (id === "COST") addValues(objects.at(-1)?.contours.at(-1), view, at + 8, length);
      if (id === "MINX" && length >= 72) drawnOn = imageOf(view, at + 8);
      at += 8 + length;
    }
    need(at, 0);
  }
  const flags = view.getUint32(152);
  const zScale = view.getFloat32(192);
  return {
    objects,
    maximum: { x: view.getInt32(136), y: view.getInt32(140), z: view.getInt32(144) },
    voxelSizeAngstrom: statedSize(view.getFloat32(216), view.getInt32(220)) ?? cubicSize(drawnOn?.spacing),
    flipped: (flags & LAST_VIEWED_FLIPPED) !== 0,
    start: drawnOn && (flags & IMAGE_ORIGIN_STATED) !== 0 ? drawnOn.start : { x: 0, y: 0, z: 0 },
    zScale: zScale > 0 ? zScale : 1,
  };
}

/** Values of single points: entries of type, flags, index and a float. Others change how points are drawn. */
function addValues(points: ImodPoint[] | undefined, view: DataView, at: number, length: number): void {
  for (let entry = at; points && entry + STORE_BYTES <= at + length; entry += STORE_BYTES) {
    const [type, flags, index] = [view.getInt16(entry), view.getUint16(entry + 2), view.getInt32(entry + 4)];
    const point = points[index];
    if (type === STORED_VALUE.type && (flags & 0x3f) === (STORED_VALUE.flags & 0x3f) && point)
      points[index] = { ...point, value: view.getFloat32(entry + 8) };
  }
}

/** The image's spacing, and its origin less the model's translation, which is where its part begins. */
function imageOf(view: DataView, at: number): DrawnOn {
  const [origin, spacing, translation] = [12, 36, 48].map((offset) => vectorAt(view, at + offset));
  const start = (axis: "x" | "y" | "z") => {
    const voxels = (origin[axis] - translation[axis]) / spacing[axis];
    return Number.isFinite(voxels) ? Math.round(voxels) : 0;
  };
  return { spacing, start: { x: start("x"), y: start("y"), z: start("z") } };
}

function vectorAt(view: DataView, at: number): Vector3 {
  return { x: view.getFloat32(at), y: view.getFloat32(at + 4), z: view.getFloat32(at + 8) };
}

/** The unit is a power of ten of a metre (-9 nanometre, -10 Angstrom); 0 means pixels. */
function statedSize(pixelSize: number, unit: number): number | undefined {
  if (unit >= 0 || unit < -12 || !(pixelSize > 0)) return undefined;
  const size = pixelSize * 10 ** (unit + 10);
  return Number.isFinite(size) ? Number(size.toPrecision(7)) : undefined;
}

/** The image's voxel size in Angstrom, where its header states one: 1 stands in most that do not. */
function cubicSize(spacing: Vector3 | undefined): number | undefined {
  if (!spacing || !(spacing.x > 0) || spacing.x === 1 || spacing.x !== spacing.y || spacing.x !== spacing.z)
    return undefined;
  return Number.isFinite(spacing.x) ? Number(spacing.x.toPrecision(7)) : undefined;
}

/** The name of an object: 64 bytes, what follows a 0 left out. */
function nameAt(bytes: Uint8Array, at: number): string {
  return new TextDecoder()
    .decode(bytes.subarray(at, at + LONGEST_NAME_BYTES))
    .split("\0")[0]
    .trim();
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return new TextDecoder("latin1").decode(bytes.subarray(at, at + length));
}
