import type { Arena } from "../kernel/arena.js";
import { axisFilter } from "./axis-filter.js";
import { axisSteps } from "./axis-steps.js";
import type { PaddedShape } from "./padded-volume.js";

/** `target_i += s_i sum_j k(i, j) s_j source_j`, j = i included: all are padded volumes, s is the one at `scale`. */
export type AddFiltered = (source: number, target: number) => void;

/** The kernel `exp(-|p_i - p_j|^2 / 2 sigma^2)` axis by axis; rows along x become columns for the last. */
export function spatialFilter(arena: Arena, padded: PaddedShape, sigmaVoxels: number, scale: number): AddFiltered {
  const { kernel } = arena;
  const { rowLength, length } = padded;
  const [nz, ny] = padded.shape;
  const [z, y, x] = [axisFilter(nz, sigmaVoxels), axisFilter(ny, sigmaVoxels), axisFilter(rowLength, sigmaVoxels)];
  const columns = 4 * Math.ceil((z.cells * y.cells) / 4); // lines that are left when z and y have become cells
  const alongZ = axisSteps(arena, z, ny * rowLength, y.cells * rowLength);
  const alongY = axisSteps(arena, y, rowLength, rowLength);
  const alongX = axisSteps(arena, x, columns, columns);
  const most = Math.max(length, z.cells * ny * rowLength, columns * Math.max(rowLength, x.cells));
  const one = arena.scratch(2 * most);
  const other = one + most;
  /** `rows` of `row` floats become columns. */
  const transpose = (target: number, source: number, rows: number, row: number) => {
    for (let i = 0; i < rows; i += 4) {
      const from = 4 * (source + i * row);
      kernel.transpose(from, from + 4 * row, 4 * row, 4 * (target + i), 4 * rows);
    }
  };
  const besides = (used: number) => (used === one ? other : one);
  return (source, target) => {
    kernel.multiply(4 * one, 4 * (one + length), 4 * source, 4 * scale);
    alongZ.toCells(other, one, 1);
    alongY.toCells(one, other, z.cells);
    alongY.blur(other, one, z.cells);
    alongZ.blur(one, other, 1);
    transpose(other, one, columns, rowLength);
    alongX.toCells(one, other, 1);
    alongX.blur(other, one, 1);
    const inX = alongX.fromCells(one, other, 1);
    transpose(besides(inX), inX, rowLength, columns);
    const inY = alongY.fromCells(inX, besides(inX), z.cells);
    const inZ = alongZ.fromCells(besides(inY), inY, 1);
    kernel.addProduct(4 * target, 4 * (target + length), 4 * inZ, 4 * scale);
  };
}
