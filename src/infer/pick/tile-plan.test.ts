import fc from "fast-check";
import { expect, test } from "vitest";
import { ConfigError } from "../../errors.js";
import { type Shape3, voxelCount } from "../../volume/index.js";
import { type TileAnswer, tilePeaks } from "./peaks.js";
import { planTiles, type Tile, type TileGeometry } from "./tile-plan.js";

const geometries = fc
  .record({
    edge: fc.constantFrom(16, 24, 40),
    haloVoxels: fc.constantFrom(0, 8, 16),
    strideVoxels: fc.constantFrom(2, 4, 8),
    faceHaloVoxels: fc.constantFrom(0, 8),
    mostVoxels: fc.constantFrom(undefined, 24 ** 3, 48 ** 3, 10),
  })
  .filter(({ edge, haloVoxels, strideVoxels }) => edge - 2 * haloVoxels >= strideVoxels)
  .filter(({ haloVoxels, faceHaloVoxels }) => faceHaloVoxels <= haloVoxels);
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
      for (const { corner, first, end, shape: block } of planTiles(shape, geometry)) {
        const isCube = block.every((length) => length === geometry.edge);
        if (!isCube) expect(voxelCount(block)).toBeLessThanOrEqual(geometry.mostVoxels!);
        for (let axis = 0; axis < 3; axis++) {
          const halo = (isAtFace: boolean) => (isAtFace ? geometry.faceHaloVoxels : geometry.haloVoxels);
          expect(first[axis] - corner[axis]).toBeGreaterThanOrEqual(halo(first[axis] === 0));
          expect(corner[axis] + block[axis] - end[axis]).toBeGreaterThanOrEqual(halo(end[axis] === shape[axis]));
          expect((corner[axis] + geometry.haloVoxels) % geometry.strideVoxels).toBe(0);
          expect(block[axis] % geometry.strideVoxels).toBe(0);
        }
        for (let z = first[0]; z < end[0]; z++)
          for (let y = first[1]; y < end[1]; y++) for (let x = first[2]; x < end[2]; x++) seen[(z * ny + y) * nx + x]++;
      }
      expect(seen.every((count) => count === 1)).toBe(true);
    }),
    { numRuns: 80 },
  );
});

test("blocks take the shape of the tomogram, and a thin one is searched in one piece across", () => {
  const geometry = { edge: 128, haloVoxels: 24, strideVoxels: 8, faceHaloVoxels: 8, mostVoxels: 4_500_000 };
  const searched = (grid: Shape3, geometry: TileGeometry) => {
    const tiles = planTiles(grid, geometry);
    return { shape: tiles[0].shape, voxels: tiles.length * voxelCount(tiles[0].shape) };
  };
  const grid = [200, 512, 512] as const;
  const { shape, voxels } = searched(grid, geometry);
  expect(shape).toEqual([216, 144, 144]);
  expect(voxels / voxelCount(grid)).toBeLessThan(2.2);
  const cubes = { ...geometry, mostVoxels: undefined };
  expect(searched(grid, cubes).voxels / voxels).toBeGreaterThan(2.7);
  expect(searched([100, 100, 100], geometry)).toEqual({ shape: [120, 120, 120], voxels: 120 ** 3 });
});

test("a halo that leaves nothing is refused", () => {
  expect(() => planTiles([40, 40, 40], { edge: 32, haloVoxels: 16, strideVoxels: 8 })).toThrow(ConfigError);
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
    tilePeaks(answer(tile.corner, edge), tile, { cellVoxels: 2, minimumScore: 0.4 });
  const one: Tile = { index: 0, shape: [80, 80, 80], corner: [-8, -8, -8], first: [0, 0, 0], end: whole };
  const untiled = peaksOf(one, 80);
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
