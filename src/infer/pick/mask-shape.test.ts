import { expect, test } from "vitest";
import { maskShape } from "./mask-shape.js";

function ellipsoid(edge: number, centre: readonly number[], halfAxes: readonly number[]): Float32Array {
  return Float32Array.from({ length: edge ** 3 }, (_, at) => {
    const place = [Math.floor(at / edge ** 2), Math.floor(at / edge) % edge, at % edge];
    return place.reduce((sum, value, axis) => sum + ((value - centre[axis]) / halfAxes[axis]) ** 2, 0) <= 1 ? 1 : 0;
  });
}

test("volume, centroid and elongation of an ellipsoid", () => {
  const shape = maskShape(ellipsoid(32, [15, 17, 18.5], [5, 5, 10]), 32)!;
  expect(shape.offsetVoxels.z).toBeCloseTo(-1, 1);
  expect(shape.offsetVoxels.y).toBeCloseTo(1, 1);
  expect(shape.offsetVoxels.x).toBeCloseTo(2.5, 1);
  expect(shape.volumeVoxels / ((4 / 3) * Math.PI * 250)).toBeCloseTo(1, 1);
  expect(Math.abs(shape.elongation - 2)).toBeLessThan(0.15); // 5 voxels are a coarse half axis
});

test("a diagonal rod is as long as a straight one", () => {
  const rod = new Float32Array(32 ** 3);
  for (let t = -6; t <= 6; t += 0.25) {
    const place = [16, 16, 16].map((c) => Math.round(c + t));
    rod[(place[0] * 32 + place[1]) * 32 + place[2]] = 1;
    rod[(place[0] * 32 + place[1]) * 32 + place[2] + 1] = 1;
    rod[(place[0] * 32 + place[1] + 1) * 32 + place[2] + 1] = 1;
  }
  expect(maskShape(rod, 32)!.elongation).toBeGreaterThan(4);
});

test("the piece nearest to the centre counts, not a larger neighbour", () => {
  const own = ellipsoid(32, [16, 16, 14], [3, 3, 3]);
  const neighbour = ellipsoid(32, [16, 16, 26], [5, 5, 5]);
  const both = own.map((value, i) => Math.max(value, neighbour[i]));
  expect(maskShape(both, 32)).toEqual(maskShape(own, 32));
});

test("an empty mask has no shape", () => {
  expect(maskShape(new Float32Array(8 ** 3).fill(0.4), 8)).toBeUndefined();
});
