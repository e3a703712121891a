import { expect, test } from "vitest";
import type { FeatureMap } from "./feature-map.js";
import { likeCells, likenessMaps, vertex } from "./likeness.js";

const N = 9;

/** Features of two channels: an angle at each cell, by which alone cells are compared. */
function mapOf(angle: (z: number, y: number, x: number) => number): FeatureMap {
  const data = new Float32Array(2 * N ** 3);
  for (let i = 0; i < N ** 3; i++) {
    const at = angle(Math.floor(i / N / N), Math.floor(i / N) % N, i % N);
    data.set([Math.cos(at), Math.sin(at)], 2 * i);
  }
  return { shape: [N, N, N], cellVoxels: 8, channels: 2, data };
}

const prompts = [
  { features: Float32Array.of(2, 0), classIndex: 0 },
  { features: Float32Array.of(0, 3), classIndex: 1 },
];
const both = { classes: new Set([0, 1]), minimum: 0.9 };

test("likeness is the cosine with the most similar example of the class", () => {
  const map = mapOf(() => 0.3);
  const maps = likenessMaps(map, [...prompts, { features: Float32Array.of(1, 1), classIndex: 1 }], 2);
  expect(maps[0]![0]).toBeCloseTo(Math.cos(0.3), 5);
  expect(maps[1]![0]).toBeCloseTo(Math.cos(Math.PI / 4 - 0.3), 5);
});

test("the likeliest place between cells is found, and of which class it is", () => {
  // Most like class 0 at z 4.3, y 3.8, x 5 in cells.
  const map = mapOf((z, y, x) => 0.12 * Math.hypot(z - 4.3, y - 3.8, x - 5));
  const [best] = likeCells(map, likenessMaps(map, prompts, 2), both);
  expect(best!.classIndex).toBe(0);
  for (const [axis, cell] of [
    ["z", 4.3],
    ["y", 3.8],
    ["x", 5],
  ] as const)
    expect(best!.positionVoxels[axis]).toBeCloseTo(8 * cell + 3.5, 0);
});

test("cells along a ridge are places, those well beside it are not", () => {
  const map = mapOf((z, _, x) => 0.1 * Math.hypot(z - 4, x - 4));
  const places = likeCells(map, likenessMaps(map, prompts, 2), both);
  const inside = places.filter(({ positionVoxels: { y } }) => y > 8 && y < 64);
  expect(inside.every(({ positionVoxels: { x, z } }) => Math.hypot(x - 35.5, z - 35.5) < 12)).toBe(true);
  expect(places.filter(({ positionVoxels: { x, z } }) => x === 35.5 && z === 35.5).length).toBeGreaterThanOrEqual(N);
});

test("what is most like an example of another class is no place of this one", () => {
  const map = mapOf(() => 1.4);
  const maps = likenessMaps(map, prompts, 2);
  expect(likeCells(map, maps, { classes: new Set([0]), minimum: 0 })).toEqual([]);
  expect(likeCells(map, maps, { classes: new Set([1]), minimum: 0 }).length).toBe(N ** 3);
});

test("the vertex of a parabola, at most half a cell away", () => {
  expect(vertex(-1.21, -0.01, -0.81)).toBeCloseTo(0.1, 6);
  expect(vertex(0, 1, 2)).toBe(0.5);
  expect(vertex(0, 1, 2, 1)).toBe(1);
  expect(vertex(2, 1, 0)).toBe(-0.5);
  expect(vertex(1, 1, 1)).toBe(0);
});
