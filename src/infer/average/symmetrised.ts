import { type Quaternion, quaternionToMatrix } from "../../volume/index.js";
import { CELL_FLOATS, type FourierGrid, forEachCell, fourierGrid } from "./fourier-grid.js";
import { createFourierSum, type FourierSum } from "./fourier-sum.js";
import { joinedPlane } from "./with-neighbours.js";

/**
 * A sum that holds every particle in each of the orientations that the symmetry of the reference cannot tell apart: what was
 * gathered, interpolated linearly at the frequencies that each operator leads to, as in RELION. The given sum stays as it is.
 */
export function symmetrised(sum: FourierSum, operators: readonly Quaternion[]): FourierSum {
  const { edge, radius, cells } = sum.state();
  const grid = fourierGrid(edge, radius);
  const source = joinedPlane(grid, cells);
  const gathered = new Float32Array(source.length);
  const matrices = operators.map((operator) => quaternionToMatrix(operator));
  forEachCell(grid, (cell, x, y, z) => {
    for (const [a, b, c, d, e, f, g, h, i] of matrices)
      addAt(
        grid,
        source,
        a * x + b * y + c * z,
        d * x + e * y + f * z,
        g * x + h * y + i * z,
        gathered,
        CELL_FLOATS * cell,
      );
  });
  halvePlane(grid, gathered);
  return createFourierSum(edge, { state: { edge, radius, cells: gathered } });
}

/** Adds to `target[at]` what cells hold at a frequency in cells, trilinearly. */
function addAt(
  { reach, width, depth }: FourierGrid,
  cells: Float32Array,
  px: number,
  py: number,
  pz: number,
  target: Float32Array,
  at: number,
): void {
  const sign = px < 0 ? -1 : 1;
  const [x, y, z] = [sign * px, sign * py + reach, sign * pz + reach];
  const [ix, iy, iz] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  for (let corner = 0; corner < 8; corner++) {
    const [cx, cy, cz] = [ix + (corner & 1), iy + ((corner >> 1) & 1), iz + (corner >> 2)];
    const part = (1 - Math.abs(x - cx)) * (1 - Math.abs(y - cy)) * (1 - Math.abs(z - cz));
    if (part === 0 || cx >= depth || cy >= width || cz >= width) continue;
    const from = CELL_FLOATS * ((cz * width + cy) * depth + cx);
    target[at] += part * cells[from];
    target[at + 1] += sign * part * cells[from + 1];
    target[at + 2] += part * cells[from + 2];
  }
}

/** Undoes `joinedPlane`: frequencies of the plane x = 0 and their mirror images hold one half each. */
function halvePlane({ width, depth }: FourierGrid, cells: Float32Array): void {
  for (let row = 0; row < width * width; row++)
    for (let part = 0; part < CELL_FLOATS; part++) cells[CELL_FLOATS * row * depth + part] /= 2;
}
