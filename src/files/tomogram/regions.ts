import { type Shape3, voxelCount } from "../../volume/index.js";
import type { TomogramGrid } from "./grid.js";

/** How grid values become what the networks take: `(value - mean) * scale`, protein positive. */
export interface GreyScale {
  readonly mean: number;
  /** Negative where protein is dark in the file. */
  readonly scale: number;
}

/** Reads the block of `shape` voxels from `corner` `[z, y, x]` on, scaled; 0 beyond the tomogram and where it holds no number. */
export type RegionReader = (corner: Shape3, shape: Shape3) => Promise<Float32Array>;

type Grid = Pick<TomogramGrid, "shape" | "read">;

/** Rows are read whole, and kept for the next block of the same ones, by blocks of no less than this part of their length. */
const WORTH_WHOLE_ROWS = 1 / 4;

/** Reads regions anywhere. Blocks one after the other along x cost one reading. */
export function createRegionReader(grid: Grid, greys: GreyScale): RegionReader {
  const [, , nx] = grid.shape;
  let band: { readonly key: string; readonly rows: Float32Array } | undefined;
  return async (corner, shape) => {
    const region = new Float32Array(voxelCount(shape));
    const [z, y, x] = partWithin(corner, shape, grid.shape);
    if (z.count <= 0 || y.count <= 0 || x.count <= 0) return region;
    const isWhole = shape[2] >= WORTH_WHOLE_ROWS * nx;
    const [first, count] = isWhole ? [0, nx] : [x.first, x.count];
    const key = [z.first, z.count, y.first, y.count, first, count].join();
    if (band?.key !== key) band = { key, rows: await grid.read([z.first, y.first, first], [z.count, y.count, count]) };
    for (let k = 0; k < z.count; k++) {
      const at = offsetIn(shape, corner, [z.first + k, y.first, x.first]);
      for (let j = 0; j < y.count; j++) {
        const from = (k * y.count + j) * count + x.first - first;
        copyRow(band.rows, from, region, at + j * shape[2], x.count, greys);
      }
    }
    return region;
  };
}

/** Reads regions in the order of their depth, or any, but slowly: sections are held as long as regions reach into them. */
export function createSweepReader(grid: Grid, greys: GreyScale): RegionReader {
  const [, ny, nx] = grid.shape;
  const held = new Map<number, Float32Array>();
  return async (corner, shape) => {
    const region = new Float32Array(voxelCount(shape));
    const [z, y, x] = partWithin(corner, shape, grid.shape);
    if (y.count <= 0 || x.count <= 0) return region;
    for (const section of held.keys()) if (section < z.first || section >= z.first + z.count) held.delete(section);
    for (let k = z.first; k < z.first + z.count; k++) {
      const section = held.get(k) ?? (await grid.read([k, 0, 0], [1, ny, nx]));
      held.set(k, section);
      const at = offsetIn(shape, corner, [k, y.first, x.first]);
      for (let j = 0; j < y.count; j++)
        copyRow(section, (y.first + j) * nx + x.first, region, at + j * shape[2], x.count, greys);
    }
    return region;
  };
}

/** What of a block lies within the grid, along each axis. */
function partWithin(corner: Shape3, shape: Shape3, grid: Shape3) {
  const along = (axis: 0 | 1 | 2) => {
    const first = Math.max(0, corner[axis]);
    return { first, count: Math.min(grid[axis], corner[axis] + shape[axis]) - first };
  };
  return [along(0), along(1), along(2)] as const;
}

function offsetIn(shape: Shape3, corner: Shape3, [z, y, x]: Shape3): number {
  return ((z - corner[0]) * shape[1] + y - corner[1]) * shape[2] + x - corner[2];
}

function copyRow(
  from: Float32Array,
  start: number,
  to: Float32Array,
  at: number,
  count: number,
  { mean, scale }: GreyScale,
): void {
  for (let i = 0; i < count; i++) {
    const value = (from[start + i]! - mean) * scale;
    to[at + i] = value - value === 0 ? value : 0;
  }
}
