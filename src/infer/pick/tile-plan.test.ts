import fc from "fast-check";
import { expect, test } from "vitest";
import { ConfigError } from "../../errors.js";
import type { Shape3 } from "../../volume/index.js";
import { type TileAnswer, tilePeaks } from "./peaks.js";
import { innerEdge, planTiles, type Tile } from "./tile-plan.js";

const geometries = fc
  .record({
    edge: fc.constantFrom(16, 24, 40),
    haloVoxels: fc.constantFrom(0, 2, 4, 6),
    strideVoxels: fc.constantFrom(2, 4, 8),
  })
  .filter(({ edge, haloVoxels, strideVoxels }) => edge - 2 * haloVoxels >= strideVoxels);
const shapes = fc.tuple(
  fc.integer({ min: 1, max: 50 }),
  fc.integer({ min: 1, max: 50 }),
  fc.integer({ min: 1, max: 50 }),
);

test("inner parts cover every voxel once, keep the halo, and are in phase", () => {
  fc.assert(
    fc.property(shapes, geometries, (shape, geometry) => {
      const [nz, ny, nx] = shape;
      const seen = new Uint8Array(nz * ny * nx);
      for (const { corner, first, end } of planTiles(shape as Shape3, geometry)) {
        for (let axis = 0; axis < 3; axis++) {
          expect(first[axis] - corner[axis]).toBe(geometry.haloVoxels);
          expect(corner[axis] + geometry.edge - end[axis]).toBeGreaterThanOrEqual(geometry.haloVoxels);
          expect((corner[axis] + geometry.haloVoxels) % geometry.strideVoxels).toBe(0);
        }
        for (let z = first[0]; z < end[0]; z++)
          for (let y = first[1]; y < end[1]; y++) for (let x = first[2]; x < end[2]; x++) seen[(z * ny + y) * nx + x]++;
      }
      expect(seen.every((count) => count === 1)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test("a halo that leaves nothing is refused", () => {
  expect(() => innerEdge({ edge: 32, haloVoxels: 16, strideVoxels: 8 })).toThrow(ConfigError);
});

test("peaks of tiles are those of one pass over the whole", () => {
  // An answer that, like a network's, depends on neighbours up to 3 cells away and on the phase of its cells.
  const whole: Shape3 = [64, 64, 64];
  const value = (z: number, y: number, x: number) =>
    z < 0 || y < 0 || x < 0 || z >= 64 || y >= 64 || x >= 64
      ? 0
      : 0.5 + 0.5 * Math.sin(12.9898 * z + 78.233 * y + 37.719 * x);
  const answer = (corner: readonly number[], edge: number): TileAnswer => {
    const n = edge / 2;
    const centre = new Float32Array(n ** 3);
    const inside = (index: number) => index >= 0 && index < n;
    for (let z = 0; z < n; z++)
      for (let y = 0; y < n; y++)
        for (let x = 0; x < n; x++) {
          let sum = 0;
          for (let d = -3; d <= 3; d++)
            if (inside(x + d) && inside(y + d))
              sum += value(corner[0] + 2 * z, corner[1] + 2 * (y + d), corner[2] + 2 * (x + d));
          centre[(z * n + y) * n + x] = sum / 7;
        }
    return { centre, radiusVoxels: centre.map((c) => 4 * c) };
  };
  const peaksOf = (tile: Tile, edge: number) =>
    tilePeaks(answer(tile.corner, edge), tile, { edge, cellVoxels: 2, minimumScore: 0.4 });
  const untiled = peaksOf({ index: 0, corner: [-8, -8, -8], first: [0, 0, 0], end: whole }, 80);
  const tiled = planTiles(whole, { edge: 40, haloVoxels: 8, strideVoxels: 8 }).flatMap((tile) => peaksOf(tile, 40));
  const text = (peaks: typeof tiled) =>
    peaks
      .map(({ positionVoxels: { x, y, z }, score, radiusVoxels }) =>
        [z, y, x, score, radiusVoxels].map((v) => v.toFixed(4)).join(),
      )
      .sort();
  expect(untiled.length).toBeGreaterThan(100);
  expect(text(tiled)).toEqual(text(untiled));
});
