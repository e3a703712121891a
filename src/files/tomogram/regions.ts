import { type Shape3, voxelCount } from "../../volume/index.js";
import type { TomogramGrid } from "./grid.js";

/** How grid values become what the networks take: `(value - mean) * scale`, protein positive. */
export interface GreyScale {
  readonly mean: number;
  /** Negative where protein is dark in the file. */
  readonly scale: number;
}

/**
 * The block of `shape` voxels from `corner` `[z, y, x]` on, scaled; 0 beyond the tomogram and where the file holds no number.
 * Rows are read whole and kept for the next block of the same rows, so blocks along x cost one reading.
 */
export function createRegionReader(grid: Pick<TomogramGrid, "shape" | "read">, { mean, scale }: GreyScale) {
  const [nz, ny, nx] = grid.shape;
  let band: { readonly key: string; readonly rows: Float32Array } | undefined;
  return async (corner: Shape3, shape: Shape3): Promise<Float32Array> => {
    const [z0, y0, x0] = corner;
    const range = (first: number, count: number, length: number) =>
      [Math.min(length, Math.max(0, first)), Math.max(0, Math.min(length, first + count))] as const;
    const [firstZ, endZ] = range(z0, shape[0], nz);
    const [firstY, endY] = range(y0, shape[1], ny);
    const [firstX, endX] = range(x0, shape[2], nx);
    const region = new Float32Array(voxelCount(shape));
    if (firstZ >= endZ || firstY >= endY || firstX >= endX) return region;
    const key = [firstZ, endZ, firstY, endY].join();
    const height = endY - firstY;
    if (band?.key !== key) band = { key, rows: await grid.read([firstZ, firstY, 0], [endZ - firstZ, height, nx]) };
    const { rows } = band;
    for (let z = firstZ; z < endZ; z++)
      for (let y = firstY; y < endY; y++) {
        const from = ((z - firstZ) * height + y - firstY) * nx;
        const to = ((z - z0) * shape[1] + (y - y0)) * shape[2] - x0;
        for (let x = firstX; x < endX; x++) {
          const value = (rows[from + x]! - mean) * scale;
          region[to + x] = Number.isFinite(value) ? value : 0;
        }
      }
    return region;
  };
}
