import { expect, test } from "vitest";
import { cutSurface } from "./surface-cut.js";

/** Corners at the origin and at 4 voxels along each axis. */
const tetrahedron = {
  positions: Float32Array.from([0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4]),
  indices: Uint32Array.from([0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]),
};

function corners(pieces: Float32Array): string[] {
  const ends = Array.from({ length: pieces.length / 2 }, (_, i) => `${pieces[2 * i]},${pieces[2 * i + 1]}`);
  return [...new Set(ends)].sort();
}

test("a section cuts a surface in a closed outline", () => {
  const pieces = cutSurface(tetrahedron, "z", 1);
  expect(pieces.length).toBe(3 * 4); // three sides, of two ends with two coordinates
  expect(corners(pieces)).toEqual(["0,0", "0,3", "3,0"]);
});

test("across x, z is to the right and y down", () => {
  const stretched = {
    ...tetrahedron,
    positions: tetrahedron.positions.map((value, i) => (i % 3 === 2 ? 2 * value : value)),
  };
  expect(corners(cutSurface(stretched, "x", 2))).toEqual(["0,0", "0,2", "4,0"]);
});

test("a section beside a surface cuts nothing", () => {
  expect(cutSurface(tetrahedron, "y", 5).length).toBe(0);
  expect(cutSurface(tetrahedron, "y", -1).length).toBe(0);
});
