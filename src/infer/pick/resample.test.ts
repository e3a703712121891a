import fc from "fast-check";
import { expect, test } from "vitest";
import type { Shape3 } from "../../volume/index.js";
import { axisWeights, resampledLength, resampleSections } from "./resample.js";

async function resampled(data: Float32Array, shape: Shape3, step: number): Promise<Float32Array[]> {
  const [, ny, nx] = shape;
  const planes: Float32Array[] = [];
  for await (const plane of resampleSections(shape, step, async (z) => data.subarray(z * ny * nx, (z + 1) * ny * nx)))
    planes.push(plane);
  return planes;
}

test("weights sum to one, whatever the spacing and however near the edge", () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 60 }), fc.double({ min: 0.3, max: 4, noNaN: true }), (length, step) => {
      const { count, taps, weights, first } = axisWeights(length, step);
      expect(count).toBe(resampledLength(length, step));
      for (let j = 0; j < count; j++) {
        let sum = 0;
        for (let k = 0; k < taps; k++) sum += weights[j * taps + k];
        expect(sum).toBeCloseTo(1, 5);
        expect(first[j] >= 0 && first[j] + taps <= length).toBe(true);
      }
    }),
  );
});

test("the same spacing gives the same values", async () => {
  const data = Float32Array.from({ length: 6 * 7 * 8 }, (_, i) => Math.sin(i));
  const planes = await resampled(data, [6, 7, 8], 1);
  const values = planes.flatMap((plane) => [...plane]);
  expect(values).toHaveLength(data.length);
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(data[i], 6);
});

test("a blob keeps its place in Ångström and its height", async () => {
  const shape: Shape3 = [48, 52, 56];
  const place = { x: 27.3, y: 24.9, z: 21.6 };
  const data = new Float32Array(48 * 52 * 56);
  for (let z = 0; z < 48; z++)
    for (let y = 0; y < 52; y++)
      for (let x = 0; x < 56; x++)
        data[(z * 52 + y) * 56 + x] = Math.exp(
          -((x - place.x) ** 2 + (y - place.y) ** 2 + (z - place.z) ** 2) / 2 / 5 ** 2,
        );
  const step = 2.3;
  const planes = await resampled(data, shape, step);
  const nx = resampledLength(56, step);
  const moments = [0, 0, 0, 0];
  let highest = 0;
  planes.forEach((plane, z) => {
    plane.forEach((value, i) => {
      highest = Math.max(highest, value);
      [1, (i % nx) * step, Math.floor(i / nx) * step, z * step].forEach((term, m) => {
        moments[m] += value * term;
      });
    });
  });
  // The blob's band is well inside both grids': what is left is the kernel's ripple.
  expect(moments[1] / moments[0]).toBeCloseTo(place.x, 2);
  expect(moments[2] / moments[0]).toBeCloseTo(place.y, 2);
  expect(moments[3] / moments[0]).toBeCloseTo(place.z, 2);
  expect(highest).toBeGreaterThan(0.93);
  expect(highest).toBeLessThan(1.01);
});

test("what the coarser grid cannot hold is removed", async () => {
  const shape: Shape3 = [40, 40, 40];
  const data = Float32Array.from({ length: 40 ** 3 }, (_, i) => Math.cos(Math.PI * 0.9 * (i % 40)));
  const planes = await resampled(data, shape, 2.5);
  const middle = planes.slice(4, 12).flatMap((plane) => [...plane].filter((_, i) => i % 16 > 3 && i % 16 < 12));
  expect(Math.max(...middle.map(Math.abs))).toBeLessThan(0.02);
});
