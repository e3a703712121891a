import { expect, test } from "vitest";
import { tilePeaks } from "./peaks.js";

const TILE = { index: 0, shape: [32, 32, 32], corner: [10, 20, 30], first: [10, 20, 30], end: [42, 52, 62] } as const;

function gaussians(places: readonly { x: number; y: number; z: number; height: number }[]): Float32Array {
  const centre = new Float32Array(16 ** 3);
  for (let z = 0; z < 16; z++)
    for (let y = 0; y < 16; y++)
      for (let x = 0; x < 16; x++)
        for (const place of places) {
          // The centre of cell i is at voxel 2 i + 1/2 of the tile.
          const [dz, dy, dx] = [10 + 2 * z + 0.5 - place.z, 20 + 2 * y + 0.5 - place.y, 30 + 2 * x + 0.5 - place.x];
          const at = (z * 16 + y) * 16 + x;
          centre[at] = Math.max(centre[at], place.height * Math.exp(-(dz * dz + dy * dy + dx * dx) / 18));
        }
  return centre;
}

test("finds Gaussians at fractions of a voxel, in the coordinates of the tomogram", () => {
  const places = [
    { x: 41.3, y: 33.8, z: 19.1, height: 0.9 },
    { x: 55.6, y: 44.2, z: 34.4, height: 0.7 },
  ];
  const radiusVoxels = new Float32Array(16 ** 3).fill(5);
  const peaks = tilePeaks({ centre: gaussians(places), radiusVoxels }, TILE, {
    cellVoxels: 2,
    minimumScore: 0.3,
  });
  expect(peaks).toHaveLength(2);
  for (const [i, { positionVoxels: at, radiusVoxels: radius }] of peaks.entries()) {
    for (const axis of ["x", "y", "z"] as const) expect(at[axis]).toBeCloseTo(places[i][axis], 4);
    expect(radius).toBe(5);
  }
});

test("leaves out what is below the least score, and what lies in the halo", () => {
  const centre = gaussians([{ x: 41, y: 33, z: 19, height: 0.4 }]);
  const answer = { centre, radiusVoxels: centre };
  const options = { cellVoxels: 2, minimumScore: 0.5 };
  expect(tilePeaks(answer, TILE, options)).toHaveLength(0);
  expect(tilePeaks(answer, TILE, { ...options, minimumScore: 0.3 })).toHaveLength(1);
  expect(tilePeaks(answer, { ...TILE, first: [26, 20, 30] }, { ...options, minimumScore: 0.3 })).toHaveLength(0);
});

test("a plateau has one peak", () => {
  const centre = new Float32Array(16 ** 3);
  for (const x of [7, 8]) for (const y of [7, 8]) centre[(5 * 16 + y) * 16 + x] = 0.8;
  expect(tilePeaks({ centre, radiusVoxels: centre }, TILE, { cellVoxels: 2, minimumScore: 0.3 })).toHaveLength(1);
});
