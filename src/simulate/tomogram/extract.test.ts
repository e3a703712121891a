import { describe, expect, test } from "vitest";
import { createRandom, type Shape3 } from "../../volume/index.js";
import { boxPlace, chooseBoxes, extractBox, extractMask } from "./extract.js";

const shape: Shape3 = [5, 6, 7];
const data = Float32Array.from({ length: 210 }, (_, i) => i); // value = 42 z + 7 y + x
const volume = { shape, voxelSizeAngstrom: 10 };

describe("a box", () => {
  test("has the nearest voxel at floor(n / 2), and says what is left", () => {
    const place = boxPlace({ x: 31, y: 24, z: 20 }, 4, volume);
    expect(place.centre).toEqual([3, 2, 2]);
    expect(place.remainderVoxels.x).toBeCloseTo(0.1);
    expect(place.remainderVoxels.y).toBeCloseTo(0.4);
    expect(place.outsideFraction).toBe(0);
    const into = new Float32Array(64);
    extractBox(data, shape, place.centre, { size: 4, into });
    expect(into[0]).toBe(42 * 0 + 7 * 0 + 1);
    expect(into[(2 * 4 + 2) * 4 + 2]).toBe(42 * 2 + 7 * 2 + 3);
    const odd = new Float32Array(27);
    extractBox(data, shape, place.centre, { size: 3, into: odd });
    expect(odd[13]).toBe(42 * 2 + 7 * 2 + 3);
  });
  test("at a corner is filled up with the mean of what is inside", () => {
    const place = boxPlace({ x: 0, y: 0, z: 0 }, 2, volume);
    expect(place.outsideFraction).toBeCloseTo(7 / 8);
    const into = new Float32Array(8).fill(-1);
    extractBox(data, shape, place.centre, { size: 2, into });
    expect([...into]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]); // one voxel inside, of value 0
    extractBox(data, shape, [7, 5, 4], { size: 2, into });
    const mean = (160 + 167 + 202 + 209) / 4;
    expect([...into]).toEqual([160, mean, 167, mean, 202, mean, 209, mean]);
    extractBox(data, shape, [7, 5, 4], { size: 2, into, outside: -5 });
    expect([...into]).toEqual([160, -5, 167, -5, 202, -5, 209, -5]);
  });
});

test("a mask is where its instance is", () => {
  const labels = new Uint16Array(210);
  labels[42 * 2 + 7 * 2 + 3] = 9;
  labels[42 * 2 + 7 * 2 + 4] = 8;
  const into = new Uint8Array(64).fill(1);
  extractMask(labels, shape, [3, 2, 2], { size: 4, into, instance: 9 });
  expect(into.reduce((sum, value) => sum + value, 0)).toBe(1);
  expect(into[(2 * 4 + 2) * 4 + 2]).toBe(1);
});

test("boxes over the edge are skipped or filled, and a random part is taken", () => {
  const places = [0, 20, 30, 60].map((x) => boxPlace({ x, y: 30, z: 20 }, 4, volume));
  const random = createRandom(1);
  expect(chooseBoxes(places, { edges: "skip", random })).toEqual([1, 2]);
  expect(chooseBoxes(places, { edges: "fill", random })).toEqual([0, 1, 2, 3]);
  const some = chooseBoxes(places, { edges: "fill", count: 2, random });
  expect(some).toHaveLength(2);
  expect(some[0]).toBeLessThan(some[1]);
});
