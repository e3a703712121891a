import { expect, test } from "vitest";
import { fitMap, nearestPoint } from "./map-geometry.js";

test("a map fits its canvas with one scale on both axes", () => {
  const points = fitMap(Float32Array.of(0, 0, 10, 0, 10, 5), { width: 228, height: 228 });
  expect([...points]).toEqual([14, 64, 214, 64, 214, 164]);
});

test("a map of one point is in the middle", () => {
  expect([...fitMap(Float32Array.of(7, 7), { width: 100, height: 60 })]).toEqual([50, 30]);
});

test("the nearest point is found within reach only", () => {
  const points = Float32Array.of(0, 0, 10, 0);
  expect(nearestPoint(points, 8, 1, 5)).toBe(1);
  expect(nearestPoint(points, 5, 40, 5)).toBeUndefined();
});
