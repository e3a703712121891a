import { ShapeError } from "../../../errors.js";
import type { Shape3 } from "../../../volume/index.js";
import { ROW_GROUP } from "./project-plane.js";

/** Rows of a volume or an image, `[first, end)`. Ranges start at multiples of four, so that any division gives the same bytes. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/** Reconstructs four rows y, given as four image rows of each tilt, to planes `[nz, nx, 4]` that the next call overwrites. */
export type RowSolver = (rows: readonly (readonly Float32Array[])[]) => Float32Array;

/** @throws ShapeError when the range is not inside, or does not begin and end at multiples of four. */
export function checkRows({ first, end }: RowRange, ny: number): void {
  const good = first % ROW_GROUP === 0 && first >= 0 && end <= ny && (end % ROW_GROUP === 0 || end === ny);
  if (!good) throw new ShapeError(`rows ${first} to ${end} are not a part of ${ny} rows in groups of ${ROW_GROUP}`);
}

/** Four rows of images of `width`, for each of `count` tilts. */
export function rowBuffers(count: number, width: number): Float32Array[][] {
  return Array.from({ length: count }, () => Array.from({ length: ROW_GROUP }, () => new Float32Array(width)));
}

/** Copies four rows of a volume to `[nz, nx, 4]`; rows beyond the last are zero. */
export function gatherPlanes(volume: Float32Array, [nz, ny, nx]: Shape3, y: number, planes: Float32Array): void {
  for (let row = 0; row < ROW_GROUP; row++)
    for (let z = 0; z < nz; z++) {
      const from = (z * ny + y + row) * nx;
      const to = ROW_GROUP * z * nx + row;
      if (y + row < ny) for (let x = 0; x < nx; x++) planes[to + ROW_GROUP * x] = volume[from + x];
      else for (let x = 0; x < nx; x++) planes[to + ROW_GROUP * x] = 0;
    }
}

/** The way back of `gatherPlanes`. */
export function scatterPlanes(planes: Float32Array, volume: Float32Array, [nz, ny, nx]: Shape3, y: number): void {
  for (let row = 0; row < ROW_GROUP && y + row < ny; row++)
    for (let z = 0; z < nz; z++) {
      const to = (z * ny + y + row) * nx;
      const from = ROW_GROUP * z * nx + row;
      for (let x = 0; x < nx; x++) volume[to + x] = planes[from + ROW_GROUP * x];
    }
}
