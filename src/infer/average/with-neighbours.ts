import { CELL_FLOATS, type FourierGrid, mirrorCell } from "./fourier-grid.js";

/**
 * How much of a cell's value is its neighbours'. The density lies in half of the padded box, so its spectrum is smooth from cell
 * to cell; where few particles leave a cell without a measurement of its own it is its neighbours' mean, elsewhere they hardly
 * count. Of 0 to 1, this gave the truth best: 1, 2, 5 and 20 noise-free particles with wedges of 60 degrees are within 28, 9, 4
 * and 3 % of it; without neighbours within 56, 22, 8 and 4 %.
 */
const NEIGHBOURS = 0.1;

/** The cells, each with a little of its neighbours, and the plane x = 0 with what was gathered in its mirror image. */
export function withNeighbours(grid: FourierGrid, gathered: Float32Array): Float32Array {
  const cells = joinedPlane(grid, gathered);
  const smooth = cells.slice();
  const { width, depth, cellCount } = grid;
  const row = CELL_FLOATS * depth;
  smoothAlong(smooth, { stride: row * width, length: width, lines: row * width });
  for (let z = 0; z < width; z++)
    smoothAlong(smooth.subarray(z * row * width, (z + 1) * row * width), { stride: row, length: width, lines: row });
  smoothRows(grid, smooth);
  for (let k = 0; k < CELL_FLOATS * cellCount; k++) cells[k] = (cells[k] + NEIGHBOURS * smooth[k]) / (1 + NEIGHBOURS);
  return cells;
}

/** A copy in which a frequency of the plane x = 0 and its mirror image hold both what either gathered. */
export function joinedPlane(grid: FourierGrid, gathered: Float32Array): Float32Array {
  const { reach, width, depth } = grid;
  const cells = gathered.slice();
  for (let z = -reach; z <= reach; z++)
    for (let y = -reach; y <= reach; y++) {
      const at = CELL_FLOATS * ((z + reach) * width + y + reach) * depth;
      const mirror = CELL_FLOATS * mirrorCell(grid, y, z);
      cells[at] += gathered[mirror];
      cells[at + 1] -= gathered[mirror + 1];
      cells[at + 2] += gathered[mirror + 2];
    }
  return cells;
}

/** (1 2 1) / 4 along an axis, for all lines side by side. */
function smoothAlong(
  values: Float32Array,
  { stride, length, lines }: { readonly stride: number; readonly length: number; readonly lines: number },
): void {
  const before = new Float32Array(lines);
  for (let step = 0, at = 0; step < length; step++)
    for (let line = 0; line < lines; line++, at++) {
      const own = values[at];
      const next = step + 1 < length ? values[at + stride] : 0;
      values[at] = 0.25 * (before[line] + next) + 0.5 * own;
      before[line] = own;
    }
}

/** The same along x, where the cell before the first is the mirror image of that after it. */
function smoothRows({ width, depth }: FourierGrid, cells: Float32Array): void {
  const source = cells.slice();
  const rows = width * width;
  for (let row = 0; row < rows; row++)
    for (let x = 0; x < depth; x++)
      for (let part = 0; part < 3; part++) {
        const at = CELL_FLOATS * (row * depth + x) + part;
        const sign = part === 1 ? -1 : 1;
        const mirror = CELL_FLOATS * ((rows - 1 - row) * depth + 1) + part;
        const previous = x > 0 ? source[at - CELL_FLOATS] : sign * source[mirror];
        const next = x + 1 < depth ? source[at + CELL_FLOATS] : 0;
        cells[at] = 0.25 * (previous + next) + 0.5 * source[at];
      }
}
