import { expect, test } from "vitest";
import type { Marker } from "../marker.js";
import { markerAt, markerCircles } from "./marker-circles.js";

const marker = (id: string, kind: Marker["kind"], [x, y, z]: [number, number, number], radiusVoxels = 5): Marker => ({
  ...{ id, kind, position: { x, y, z }, radiusVoxels },
  ...{ classId: "class-1", colour: "#e69f00", label: id },
});
const frame = {
  horizontal: { originPixel: 0, pixelsPerVoxel: 2 },
  vertical: { originPixel: 10, pixelsPerVoxel: 2 },
};

test("markers are circles where the section cuts them, and none elsewhere", () => {
  const markers = [
    marker("a", "pick", [10, 20, 30]),
    marker("b", "pick", [10, 20, 33]),
    marker("c", "pick", [0, 0, 40]),
  ];
  const circles = markerCircles(markers, { axis: "z", index: 30, thicknessVoxels: 1 }, frame);
  expect(circles.map(({ marker: { id }, x, y, radius }) => [id, x, y, radius])).toEqual([
    ["a", 21, 51, 10],
    ["b", 21, 51, 8],
  ]);
  const beside = markerCircles(markers, { axis: "x", index: 10, thicknessVoxels: 1 }, frame);
  expect(beside.map(({ marker: { id }, x, y }) => [id, x, y])).toEqual([
    ["a", 61, 51],
    ["b", 67, 51],
  ]);
});

test("the nearest marker is hit, an example before a pick before what is of none of the classes", () => {
  const markers = [
    marker("a", "pick", [10, 10, 0]),
    marker("b", "pick", [14, 10, 0]),
    marker("c", "example", [16, 10, 0]),
    marker("d", "other", [1, 10, 0]),
  ];
  const circles = markerCircles(markers, { axis: "z", index: 0, thicknessVoxels: 1 }, frame);
  const hit = (x: number, leastRadius = 6) => markerAt(circles, 2 * x + 1, 31, leastRadius)?.id;
  expect([hit(4), hit(5), hit(6), hit(10), hit(12), hit(21), hit(22), hit(22, 12)]).toEqual([
    ...["d", "a", "a", "a", "c", "c", undefined, "c"],
  ]);
});
