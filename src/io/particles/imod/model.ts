/** IMOD's binary model file: objects of contours of points. */
import { FormatError } from "../../../errors.js";
import type { Vector3 } from "../../../volume/index.js";

/** What cosnet keeps of an IMOD model. Points are in voxels, x and y from the corner of the first and z from its centre. */
export interface ImodModel {
  readonly objects: readonly { readonly name: string; readonly contours: readonly (readonly Vector3[])[] }[];
  /** Size of the image that the model was made on, in voxels. */
  readonly maximum: Vector3;
  /** Undefined when the header states none. */
  readonly voxelSizeAngstrom: number | undefined;
  /** Whether y and z were exchanged for the model's display (the header's flag "flipped"). */
  readonly flipped: boolean;
}

const HEADER_BYTES = 240;
const OBJECT_BYTES = 180;
const FLIPPED = 1 << 16;

/** Whether a file begins as every IMOD model does. */
export function looksLikeImod(bytes: Uint8Array): boolean {
  return ascii(bytes, 0, 8) === "IMODV1.2";
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
  const pointAt = (at: number) => ({ x: view.getFloat32(at), y: view.getFloat32(at + 4), z: view.getFloat32(at + 8) });
  need(0, HEADER_BYTES);
  const objects: { name: string; contours: Vector3[][] }[] = [];
  let at = HEADER_BYTES;
  while (at + 4 <= bytes.byteLength) {
    const id = ascii(bytes, at, 4);
    if (id === "IEOF") break;
    const body = at + 4;
    if (id === "OBJT") {
      need(at, OBJECT_BYTES);
      objects.push({ name: ascii(bytes, body, 64).split("\0")[0].trim(), contours: [] });
      at += OBJECT_BYTES;
    } else if (id === "CONT") {
      need(at, 20);
      const count = view.getInt32(body);
      const object = objects.at(-1);
      if (count < 0 || !object)
        throw new FormatError(
          `a contour of ${count} points${object ? "" : " outside of any object"}`,
          `${name}, byte ${at}`,
        );
      need(at, 20 + 12 * count);
      object.contours.push(Array.from({ length: count }, (_, i) => pointAt(at + 20 + 12 * i)));
      at += 20 + 12 * count;
    } else if (id === "MESH") {
      need(at, 20);
      const [vertices, indices] = [view.getInt32(body), view.getInt32(body + 4)];
      if (vertices < 0 || indices < 0) throw new FormatError("a mesh of negative size", `${name}, byte ${at}`);
      at += 20 + 12 * vertices + 4 * indices;
    } else {
      need(at, 8);
      const length = view.getInt32(body);
      if (length < 0 || !/^[A-Z0-9]{4}$/.test(id))
        throw new FormatError("this is not a chunk of an IMOD model", `${name}, byte ${at}`);
      at += 8 + length;
    }
    need(at, 0);
  }
  return {
    objects,
    maximum: { x: view.getInt32(136), y: view.getInt32(140), z: view.getInt32(144) },
    voxelSizeAngstrom: statedSize(view.getFloat32(216), view.getInt32(220)),
    flipped: (view.getUint32(152) & FLIPPED) !== 0,
  };
}

/** The unit is a power of ten of a metre (-9 nanometre, -10 Angstrom); 0 means pixels. */
function statedSize(pixelSize: number, unit: number): number | undefined {
  if (unit >= 0 || unit < -12 || !(pixelSize > 0)) return undefined;
  const size = pixelSize * 10 ** (unit + 10);
  return Number.isFinite(size) ? Number(size.toPrecision(7)) : undefined;
}

const COLOURS = [
  [0, 1, 0],
  [0, 1, 1],
  [1, 0, 1],
  [1, 1, 0],
  [1, 0, 0],
  [0, 0, 1],
] as const;

/** The bytes of a model of scattered points: spheres of `radiusVoxels`, one contour an object. */
export function writeImodModel(
  { objects, maximum, voxelSizeAngstrom }: Omit<ImodModel, "flipped">,
  { radiusVoxels = 5 }: { radiusVoxels?: number } = {},
): Uint8Array {
  const contours = objects.flatMap((object) => object.contours);
  const length =
    HEADER_BYTES +
    OBJECT_BYTES * objects.length +
    contours.reduce((sum, points) => sum + 20 + 12 * points.length, 0) +
    4;
  const bytes = new Uint8Array(length);
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
    put(bytes, at + 4, object.name.slice(0, 63));
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
      put(bytes, at, "CONT");
      view.setInt32(at + 4, points.length);
      at += 20;
      for (const { x, y, z } of points) {
        view.setFloat32(at, x);
        view.setFloat32(at + 4, y);
        view.setFloat32(at + 8, z);
        at += 12;
      }
    }
  }
  put(bytes, at, "IEOF");
  return bytes;
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return new TextDecoder("latin1").decode(bytes.subarray(at, at + length));
}

function put(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i) & 0x7f;
}
