import { ConfigError } from "../../errors.js";
import { littleEndianBytes } from "../volumes/numbers.js";
import { DEFAULT_COLOUR, DEFAULT_COMMENT, type SurfacePart, type WriteSurfaceOptions } from "./surface-part.js";

const MAGIC = 0x46546c67; // "glTF"
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;
const [FLOAT, UNSIGNED_INT] = [5126, 5125];
const [ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER] = [34962, 34963];

/**
 * Binary glTF 2.0, in pieces to be written one after the other: a named node for each part, with its colour. Positions stay
 * in Angstrom and keep their axes: the format's own unit (metre) and upward axis (y) are of no use for molecules, and viewers
 * of molecules take numbers as they come. Parts without triangles are left out, because the format has no empty meshes.
 * Source: Khronos glTF 2.0 specification.
 * @throws ConfigError when the file would be larger than the 4 GiB that the format can count.
 */
export function* writeGlb(
  parts: readonly SurfacePart[],
  { comment = DEFAULT_COMMENT }: WriteSurfaceOptions = {},
): Generator<Uint8Array> {
  const shown = parts.filter(({ mesh }) => mesh.triangles.length > 0);
  const binaryBytes = shown.reduce((sum, { mesh }) => sum + 8 * mesh.positions.length + 4 * mesh.triangles.length, 0);
  const json = new TextEncoder().encode(JSON.stringify(description(shown, binaryBytes, comment)));
  const jsonBytes = Math.ceil(json.length / 4) * 4;
  const fileBytes = 12 + 8 + jsonBytes + (binaryBytes > 0 ? 8 + binaryBytes : 0);
  if (fileBytes >= 2 ** 32)
    throw new ConfigError(`a glb file holds 4 GiB at most; this one would need ${(fileBytes / 2 ** 30).toFixed(1)}`, {
      hint: "Write STL or PLY instead.",
    });
  const start = new Uint8Array(20 + jsonBytes).fill(0x20); // the description is filled up with spaces
  start.set(json, 20);
  setWords(start, [MAGIC, 2, fileBytes, jsonBytes, JSON_CHUNK]);
  yield start;
  if (binaryBytes === 0) return;
  const chunk = new Uint8Array(8);
  setWords(chunk, [binaryBytes, BINARY_CHUNK]);
  yield chunk;
  for (const { mesh } of shown) {
    yield littleEndianBytes(mesh.positions);
    yield littleEndianBytes(mesh.normals);
    yield littleEndianBytes(mesh.triangles);
  }
}

function setWords(bytes: Uint8Array, words: readonly number[]): void {
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => {
    view.setUint32(4 * i, word, true);
  });
}

/** Three views and accessors a part, in the order in which the bytes follow. */
function description(parts: readonly SurfacePart[], byteLength: number, comment: string) {
  const asset = { version: "2.0", generator: "cosnet", extras: { comment, unit: "angstrom" } };
  if (parts.length === 0) return { asset };
  let byteOffset = 0;
  const view = (length: number, target: number) => {
    const bufferView = { buffer: 0, byteOffset, byteLength: length, target };
    byteOffset += length;
    return bufferView;
  };
  return {
    asset,
    scene: 0,
    scenes: [{ nodes: parts.map((_, i) => i) }],
    nodes: parts.map(({ name }, mesh) => ({ name, mesh })),
    meshes: parts.map(({ name }, i) => ({
      name,
      primitives: [{ attributes: { POSITION: 3 * i, NORMAL: 3 * i + 1 }, indices: 3 * i + 2, material: i }],
    })),
    materials: parts.map(({ name, colour = DEFAULT_COLOUR }) => ({
      name,
      pbrMetallicRoughness: {
        baseColorFactor: [...colour.map(linearFromSrgb), 1],
        metallicFactor: 0,
        roughnessFactor: 0.7,
      },
    })),
    accessors: parts.flatMap(({ mesh: { positions, triangles } }, i) => {
      const vectors = { componentType: FLOAT, count: positions.length / 3, type: "VEC3" };
      return [
        { bufferView: 3 * i, ...vectors, ...bounds(positions) },
        { bufferView: 3 * i + 1, ...vectors },
        { bufferView: 3 * i + 2, componentType: UNSIGNED_INT, count: triangles.length, type: "SCALAR" },
      ];
    }),
    bufferViews: parts.flatMap(({ mesh }) => [
      view(mesh.positions.byteLength, ARRAY_BUFFER),
      view(mesh.normals.byteLength, ARRAY_BUFFER),
      view(mesh.triangles.byteLength, ELEMENT_ARRAY_BUFFER),
    ]),
    buffers: [{ byteLength }],
  };
}

/** IEC 61966-2-1. */
function linearFromSrgb(value: number): number {
  const fraction = value / 255;
  return fraction <= 0.04045 ? fraction / 12.92 : ((fraction + 0.055) / 1.055) ** 2.4;
}

function bounds(positions: Float32Array): { min: number[]; max: number[] } {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i++) {
    const axis = i % 3;
    if (positions[i] < min[axis]) min[axis] = positions[i];
    if (positions[i] > max[axis]) max[axis] = positions[i];
  }
  return { min, max };
}
