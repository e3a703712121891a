import { triangleNormal } from "../../volume/index.js";
import { asciiText, DEFAULT_COMMENT, type SurfacePart, type WriteSurfaceOptions } from "./surface-part.js";

const HEADER_BYTES = 84;
const TRIANGLE_BYTES = 50;

/**
 * Binary STL, in pieces to be written one after the other: all parts as one surface, because STL knows neither parts nor
 * colours nor units. Source: 3D Systems, StereoLithography Interface Specification (1988).
 */
export function* writeStl(
  parts: readonly SurfacePart[],
  { comment = DEFAULT_COMMENT }: WriteSurfaceOptions = {},
): Generator<Uint8Array> {
  const header = new Uint8Array(HEADER_BYTES);
  // Readers take "solid" at the start for a text file.
  const line = /^solid/i.test(comment) ? `Binary: ${comment}` : comment;
  header.set(new TextEncoder().encode(asciiText(line).slice(0, 80).padEnd(80)));
  const count = parts.reduce((sum, { mesh }) => sum + mesh.triangles.length / 3, 0);
  new DataView(header.buffer).setUint32(80, count, true);
  yield header;
  for (const { mesh } of parts) yield triangleRecords(mesh);
}

/** Of each triangle its normal, three corners, and two bytes that mean nothing. */
function triangleRecords({ positions, triangles }: SurfacePart["mesh"]): Uint8Array {
  const bytes = new Uint8Array((triangles.length / 3) * TRIANGLE_BYTES);
  const view = new DataView(bytes.buffer);
  for (let t = 0, at = 0; t < triangles.length; t += 3, at += TRIANGLE_BYTES) {
    const [a, b, c] = [3 * triangles[t], 3 * triangles[t + 1], 3 * triangles[t + 2]];
    const { x, y, z } = triangleNormal(positions, triangles, t);
    const length = Math.sqrt(x * x + y * y + z * z) || 1;
    view.setFloat32(at, x / length, true);
    view.setFloat32(at + 4, y / length, true);
    view.setFloat32(at + 8, z / length, true);
    for (let axis = 0; axis < 3; axis++) {
      view.setFloat32(at + 12 + 4 * axis, positions[a + axis], true);
      view.setFloat32(at + 24 + 4 * axis, positions[b + axis], true);
      view.setFloat32(at + 36 + 4 * axis, positions[c + axis], true);
    }
  }
  return bytes;
}
