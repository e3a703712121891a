/** The grid of frequencies that a Fourier sum gathers on: twice as fine as a box's own, as one half of a cube about zero frequency. */

/** Grid cells for each Fourier pixel of a box. Linear interpolation is accurate on a grid of twice the box. */
export const PADDING = 2;
/** Floats of a cell: real and imaginary part, weight, and one that stays zero, so that a cell is one vector of WebAssembly. */
export const CELL_FLOATS = 4;

/** Cells `[width, width, depth]` along z, y and x, at frequencies from -reach (0 along x) to reach in cells. */
export interface FourierGrid {
  readonly edge: number;
  /** Fourier pixels of the box; frequencies at this distance from zero or farther are left out. */
  readonly radius: number;
  readonly reach: number;
  readonly width: number;
  readonly depth: number;
  readonly cellCount: number;
}

/** The grid for boxes of `edge` voxels, to `radius` Fourier pixels. */
export function fourierGrid(edge: number, radius: number): FourierGrid {
  const reach = Math.ceil(PADDING * radius);
  const [width, depth] = [2 * reach + 1, reach + 1];
  return { edge, radius, reach, width, depth, cellCount: width * width * depth };
}

/** Visits every cell within the radius: its index, its frequency in cells, and its shell, the distance in Fourier pixels, rounded. */
export function forEachCell(
  { radius, reach, width, depth }: FourierGrid,
  visit: (cell: number, x: number, y: number, z: number, shell: number) => void,
): void {
  const farthest = (PADDING * radius) ** 2;
  for (let z = -reach; z <= reach; z++)
    for (let y = -reach; y <= reach; y++) {
      const row = ((z + reach) * width + y + reach) * depth;
      for (let x = 0; x <= reach; x++) {
        const square = x * x + y * y + z * z;
        if (square < farthest) visit(row + x, x, y, z, Math.round(Math.sqrt(square) / PADDING));
      }
    }
}

/** The cell that holds the mirror image of the frequency (0, y, z). */
export function mirrorCell({ reach, width, depth }: FourierGrid, y: number, z: number): number {
  return ((reach - z) * width + reach - y) * depth;
}
