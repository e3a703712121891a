import { describe, expect, test } from "vitest";
import { enclosedVolume, placeMesh, type SurfaceMesh, surfaceMesh } from "../../volume/index.js";
import { readPly, type SurfacePart, writeGlb, writePly, writeStl } from "../index.js";

const N = 12;
const ball = surfaceMesh(
  Float32Array.from(
    { length: N ** 3 },
    (_, i) => 4 - Math.hypot((i % N) - 6, (Math.floor(i / N) % N) - 6, Math.floor(i / N / N) - 6),
  ),
  [N, N, N],
  0,
);
const far: SurfaceMesh = placeMesh(ball, 10, { x: 5000, y: 0, z: -200 });
const empty = surfaceMesh(new Float32Array(8), [2, 2, 2], 0.5);
const parts: SurfacePart[] = [
  { name: "a \u00e4 <b>", mesh: ball, colour: [255, 0, 128] },
  { name: "empty", mesh: empty },
  { name: "far", mesh: far },
];

function joined(chunks: Iterable<Uint8Array>): Uint8Array {
  return Uint8Array.from([...chunks].flatMap((chunk) => [...chunk]));
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What the corners of the triangles of both parts enclose: the small ball, and one ten times as large across. */
const EXPECTED_VOLUME = enclosedVolume(ball) * 1001;

/** From corner triples, as float32 stores them. */
function volumeOfSoup(corners: Float32Array): number {
  return enclosedVolume({
    positions: corners,
    triangles: Uint32Array.from({ length: corners.length / 3 }, (_, i) => i),
  });
}

describe("STL", () => {
  const bytes = joined(writeStl(parts, { comment: "solid \u00c5" }));
  test("has a header that does not look like text, and 50 bytes a triangle", () => {
    const count = viewOf(bytes).getUint32(80, true);
    expect(count).toBe((2 * ball.triangles.length) / 3);
    expect(bytes.length).toBe(84 + 50 * count);
    expect(new TextDecoder().decode(bytes.subarray(0, 80))).toBe("Binary: solid ?".padEnd(80));
  });
  test("keeps triangles, and states their normals", () => {
    const view = viewOf(bytes);
    const corners = Float32Array.from({ length: 3 * 3 * view.getUint32(80, true) }, (_, i) =>
      view.getFloat32(84 + 50 * Math.floor(i / 9) + 12 + 4 * (i % 9), true),
    );
    expect(volumeOfSoup(corners) / EXPECTED_VOLUME).toBeCloseTo(1, 4);
    for (let t = 0; t < 20; t++) {
      const normal = [0, 1, 2].map((axis) => view.getFloat32(84 + 50 * t + 4 * axis, true));
      expect(Math.hypot(...normal)).toBeCloseTo(1, 5);
      const centre = [0, 1, 2].map(
        (axis) => (corners[9 * t + axis] + corners[9 * t + 3 + axis] + corners[9 * t + 6 + axis]) / 3 - 6,
      );
      expect(normal.reduce((sum, value, axis) => sum + value * centre[axis], 0)).toBeGreaterThan(3);
    }
  });
});

describe("PLY", () => {
  const bytes = joined(writePly(parts, { comment: "one\nline" }));
  const text = new TextDecoder("latin1").decode(bytes);
  const start = text.indexOf("end_header\n") + 11;
  test("is read again as it was written; anything else is refused", () => {
    const { positions, normals, triangles } = readPly(joined(writePly([{ name: "ball", mesh: ball }])), { name: "x" });
    expect({ positions, normals, triangles }).toEqual(ball);
    expect(readPly(bytes, { name: "x" }).triangles).toHaveLength(2 * ball.triangles.length);
    for (const wrong of [bytes.subarray(0, -1), bytes.subarray(1), new Uint8Array(0)])
      expect(() => readPly(wrong, { name: "x.ply" })).toThrow("x.ply: this is no PLY as cosnet writes it");
    const outside = bytes.slice();
    outside.fill(0x7f, -4);
    expect(() => readPly(outside, { name: "x.ply" })).toThrow("a corner that is not there");
  });
  test("describes what follows exactly", () => {
    const [vertices, faces] = ["vertex", "face"].map((name) =>
      Number(new RegExp(`element ${name} (\\d+)`).exec(text)![1]),
    );
    expect(vertices).toBe((2 * ball.positions.length) / 3);
    expect(faces).toBe((2 * ball.triangles.length) / 3);
    expect(bytes.length).toBe(start + 27 * vertices! + 13 * faces!);
    expect(text).toContain("\ncomment one?line\n");
  });
  test("gives the parts' vertices their colours, and counts on from part to part", () => {
    const view = viewOf(bytes);
    const count = ball.positions.length / 3;
    expect([...bytes.subarray(start + 24, start + 27)]).toEqual([255, 0, 128]);
    const second = start + 27 * count;
    expect(view.getFloat32(second, true)).toBe(far.positions[0]);
    expect([...bytes.subarray(second + 24, second + 27)]).toEqual([178, 178, 178]);
    const secondFaces = start + 27 * 2 * count + (13 * ball.triangles.length) / 3;
    expect(bytes[secondFaces]).toBe(3);
    expect([1, 5, 9].map((at) => view.getInt32(secondFaces + at, true))).toEqual(
      [0, 1, 2].map((k) => far.triangles[k] + count),
    );
  });
});

describe("glb", () => {
  const bytes = joined(writeGlb(parts));
  const view = viewOf(bytes);
  const jsonBytes = view.getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + jsonBytes)));
  test("has a header, a description and a body whose lengths add up", () => {
    expect([0, 4, 8].map((at) => view.getUint32(at, true))).toEqual([0x46546c67, 2, bytes.length]);
    expect(jsonBytes % 4).toBe(0);
    const body = 20 + jsonBytes;
    expect([body, body + 4].map((at) => view.getUint32(at, true))).toEqual([bytes.length - body - 8, 0x004e4942]);
    expect(json.buffers).toEqual([{ byteLength: bytes.length - body - 8 }]);
  });
  test("its accessors lead to the meshes, and the part without triangles is left out", () => {
    expect(json.nodes).toEqual([
      { name: parts[0].name, mesh: 0 },
      { name: "far", mesh: 1 },
    ]);
    for (const [index, mesh] of [ball, far].entries()) {
      const { attributes, indices } = json.meshes[index].primitives[0];
      const read = (accessor: number) => {
        const { bufferView, count, type, min, max } = json.accessors[accessor];
        const { byteOffset, byteLength } = json.bufferViews[bufferView];
        expect(byteLength).toBe(4 * count * (type === "VEC3" ? 3 : 1));
        return { data: bytes.slice(28 + jsonBytes + byteOffset).slice(0, byteLength).buffer, min, max };
      };
      const positions = read(attributes.POSITION);
      expect(new Float32Array(positions.data)).toEqual(mesh.positions);
      expect(positions.min[0]).toBe(Math.min(...mesh.positions.filter((_, i) => i % 3 === 0)));
      expect(positions.max[2]).toBe(Math.max(...mesh.positions.filter((_, i) => i % 3 === 2)));
      expect(new Float32Array(read(attributes.NORMAL).data)).toEqual(mesh.normals);
      expect(new Uint32Array(read(indices).data)).toEqual(mesh.triangles);
    }
    expect(json.materials[0].pbrMetallicRoughness.baseColorFactor.map((v: number) => Number(v.toFixed(4)))).toEqual([
      1, 0, 0.2159, 1,
    ]);
  });
  test("of nothing is a file without a scene", () => {
    const nothing = joined(writeGlb([{ name: "empty", mesh: empty }]));
    expect(viewOf(nothing).getUint32(8, true)).toBe(nothing.length);
    expect(JSON.parse(new TextDecoder().decode(nothing.subarray(20))).nodes).toBeUndefined();
  });
});
