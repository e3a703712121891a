import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "./random.js";
import { rescaleFourier } from "./rescale.js";
import { createVolume, type Volume } from "./volume.js";

/** A smooth volume of sine waves with at most `cycles` periods along an edge, plus 7. */
function waves(n: number, voxelSizeAngstrom: number, cycles = 3): Volume {
  const volume = createVolume([n, n, n], voxelSizeAngstrom);
  for (let z = 0, at = 0; z < n; z++)
    for (let y = 0; y < n; y++)
      for (let x = 0; x < n; x++, at++)
        volume.data[at] =
          7 + Math.cos((2 * Math.PI * (x - 1)) / n) + Math.sin((2 * Math.PI * (cycles * y - 2 * z + x)) / n);
  return volume;
}

function largestDifference(a: Volume, b: Volume): number {
  expect(a.shape).toEqual(b.shape);
  return a.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b.data[i])), 0);
}

test("the same voxel size and box give the same volume, odd and even", () => {
  for (const n of [7, 8]) {
    const volume = createVolume([n, n, n], 5, Float32Array.from({ length: n ** 3 }, createRandom(n).normal));
    const rescaled = rescaleFourier(volume, { voxelSizeAngstrom: 5, shape: [n, n, n] });
    expect(largestDifference(rescaled, volume)).toBeLessThan(1e-5);
  }
});

test("halving the box by doubling the voxel keeps every frequency that fits and the grey values", () => {
  const rescaled = rescaleFourier(waves(32, 5), { voxelSizeAngstrom: 10 });
  expect(rescaled.shape).toEqual([16, 16, 16]);
  expect(rescaled.voxelSizeAngstrom).toBe(10);
  // The box centre 16 of the old grid comes to the centre 8 of the new: voxel i shows the old voxel 2 i.
  const old = waves(32, 5);
  for (const [z, y, x] of [
    [0, 0, 0],
    [8, 8, 8],
    [3, 14, 7],
  ] as const)
    expect(rescaled.data[(z * 16 + y) * 16 + x]).toBeCloseTo(old.data[(2 * z * 32 + 2 * y) * 32 + 2 * x], 4);
});

test("frequencies beyond the new limit are removed", () => {
  const fine = createVolume([16, 16, 16], 5);
  for (let i = 0; i < fine.data.length; i++) fine.data[i] = 2 + Math.cos((2 * Math.PI * 6 * (i % 16)) / 16);
  const rescaled = rescaleFourier(fine, { voxelSizeAngstrom: 10 });
  for (const value of rescaled.data) expect(value).toBeCloseTo(2, 5);
});

test("there and back is the identity for what both grids hold, at any ratio of edges", () => {
  fc.assert(
    fc.property(fc.integer({ min: 9, max: 20 }), fc.integer({ min: 9, max: 20 }), (n, m) => {
      const volume = waves(n, 8);
      const shape = [n, n, n] as const;
      const there = rescaleFourier(volume, { voxelSizeAngstrom: (8 * n) / m, shape: [m, m, m] });
      const back = rescaleFourier(there, { voxelSizeAngstrom: 8, shape });
      expect(largestDifference(back, volume)).toBeLessThan(1e-5);
    }),
    { numRuns: 12 },
  );
});

test("a larger box is filled with the mean around the old one, whose centre stays the centre", () => {
  const volume = createVolume([8, 8, 8], 10);
  volume.data[(4 * 8 + 4) * 8 + 4] = 512;
  const rescaled = rescaleFourier(volume, { voxelSizeAngstrom: 10, shape: [13, 13, 13] });
  expect(rescaled.data[(6 * 13 + 6) * 13 + 6]).toBeCloseTo(512, 3);
  expect(rescaled.data[0]).toBeCloseTo(1, 4);
});

test("an impossible voxel size is refused", () => {
  expect(() => rescaleFourier(createVolume([4, 4, 4], 0), { voxelSizeAngstrom: 10 })).toThrow(
    "cannot rescale from 0 to 10 Å voxels",
  );
});
