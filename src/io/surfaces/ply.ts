import { FormatError } from "../../errors.js";
import type { SurfaceMesh } from "../../volume/index.js";
import {
  asciiText,
  DEFAULT_COLOUR,
  DEFAULT_COMMENT,
  type SurfacePart,
  type WriteSurfaceOptions,
} from "./surface-part.js";

const VERTEX_BYTES = 27;
const FACE_BYTES = 13;

/**
 * Binary PLY (little endian), in pieces to be written one after the other: all parts in one mesh, each vertex with its
 * normal and its part's colour. Source: G. Turk, The PLY Polygon File Format (1994).
 */
export function* writePly(
  parts: readonly SurfacePart[],
  { comment = DEFAULT_COMMENT }: WriteSurfaceOptions = {},
): Generator<Uint8Array> {
  const vertexCount = parts.reduce((sum, { mesh }) => sum + mesh.positions.length / 3, 0);
  const faceCount = parts.reduce((sum, { mesh }) => sum + mesh.triangles.length / 3, 0);
  const [start, ...rest] = headerLines(vertexCount, faceCount);
  yield new TextEncoder().encode([start, `comment ${asciiText(comment)}`, ...rest, ""].join("\n"));
  for (const part of parts) yield vertexRecords(part);
  let first = 0;
  for (const { mesh } of parts) {
    yield faceRecords(mesh.triangles, first);
    first += mesh.positions.length / 3;
  }
}

function headerLines(vertexCount: number, faceCount: number): string[] {
  return [
    "ply\nformat binary_little_endian 1.0",
    `element vertex ${vertexCount}`,
    ...["x", "y", "z", "nx", "ny", "nz"].map((name) => `property float ${name}`),
    ...["red", "green", "blue"].map((name) => `property uchar ${name}`),
    `element face ${faceCount}`,
    "property list uchar int vertex_indices",
    "end_header",
  ];
}

/** A header of more is no header of ours. */
const LONGEST_HEADER_BYTES = 2000;

/** The mesh of a file as `writePly` writes it, without its colours. @throws FormatError for any other PLY. */
export function readPly(bytes: Uint8Array, { name }: { readonly name: string }): SurfaceMesh {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, LONGEST_HEADER_BYTES));
  const [header = ""] = /^[\s\S]*?\nend_header\n/.exec(text) ?? [];
  const count = (element: string) =>
    Number(new RegExp(`^element ${element} (\\d+)$`, "m").exec(header)?.[1] ?? Number.NaN);
  const [vertexCount, faceCount] = [count("vertex"), count("face")];
  const facesAt = header.length + vertexCount * VERTEX_BYTES;
  const isOurs =
    header.replace(/^comment .*\n/m, "") === `${headerLines(vertexCount, faceCount).join("\n")}\n` &&
    bytes.byteLength === facesAt + faceCount * FACE_BYTES;
  if (!isOurs) throw new FormatError("this is no PLY as cosnet writes it", name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const positions = new Float32Array(3 * vertexCount);
  const normals = new Float32Array(3 * vertexCount);
  for (let i = 0; i < positions.length; i++) {
    const at = header.length + Math.floor(i / 3) * VERTEX_BYTES + 4 * (i % 3);
    positions[i] = view.getFloat32(at, true);
    normals[i] = view.getFloat32(at + 12, true);
  }
  const triangles = new Uint32Array(3 * faceCount);
  for (let i = 0; i < triangles.length; i++) {
    const at = facesAt + Math.floor(i / 3) * FACE_BYTES + 1 + 4 * (i % 3);
    triangles[i] = view.getInt32(at, true);
    if (!(triangles[i] < vertexCount)) throw new FormatError("a triangle has a corner that is not there", name);
  }
  return { positions, normals, triangles };
}

function vertexRecords({ mesh: { positions, normals }, colour = DEFAULT_COLOUR }: SurfacePart): Uint8Array {
  const bytes = new Uint8Array((positions.length / 3) * VERTEX_BYTES);
  const view = new DataView(bytes.buffer);
  for (let i = 0, at = 0; i < positions.length; i += 3, at += VERTEX_BYTES) {
    for (let axis = 0; axis < 3; axis++) {
      view.setFloat32(at + 4 * axis, positions[i + axis], true);
      view.setFloat32(at + 12 + 4 * axis, normals[i + axis], true);
      bytes[at + 24 + axis] = colour[axis];
    }
  }
  return bytes;
}

function faceRecords(triangles: Uint32Array, firstVertex: number): Uint8Array {
  const bytes = new Uint8Array((triangles.length / 3) * FACE_BYTES);
  const view = new DataView(bytes.buffer);
  for (let t = 0, at = 0; t < triangles.length; t += 3, at += FACE_BYTES) {
    bytes[at] = 3;
    for (let k = 0; k < 3; k++) view.setInt32(at + 1 + 4 * k, firstVertex + triangles[t + k], true);
  }
  return bytes;
}
