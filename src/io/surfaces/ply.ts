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
  const header = [
    "ply",
    "format binary_little_endian 1.0",
    `comment ${asciiText(comment)}`,
    `element vertex ${vertexCount}`,
    ...["x", "y", "z", "nx", "ny", "nz"].map((name) => `property float ${name}`),
    ...["red", "green", "blue"].map((name) => `property uchar ${name}`),
    `element face ${faceCount}`,
    "property list uchar int vertex_indices",
    "end_header\n",
  ];
  yield new TextEncoder().encode(header.join("\n"));
  for (const part of parts) yield vertexRecords(part);
  let first = 0;
  for (const { mesh } of parts) {
    yield faceRecords(mesh.triangles, first);
    first += mesh.positions.length / 3;
  }
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
