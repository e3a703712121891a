import type { Plane } from "./slice.js";

/** Path units per voxel, so that coordinates are short integers. */
export const OUTLINE_UNITS = 10;
const LEVEL = 0.5;

/**
 * The contour of a plane at 0.5 as SVG path data, closed, in units of 1/10 voxel with (0, 0) at the picture's upper left
 * corner (the centre of pixel (0, 0) is at 5, 5). Marching squares; ambiguous cells keep the inside apart. Empty when the
 * plane nowhere exceeds the level; the outside of the plane counts as below it.
 */
export function maskOutline({ width, height, data }: Plane): string {
  const value = (x: number, y: number) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : data[y * width + x]);
  // every crossed grid edge gets one key; each cell leads from one edge to the next, with the inside on the left
  const next = new Map<number, number>();
  const columns = width + 2;
  const horizontal = (x: number, y: number) => 2 * ((y + 1) * columns + x + 1);
  const vertical = (x: number, y: number) => horizontal(x, y) + 1;
  for (let y = -1; y < height; y++)
    for (let x = -1; x < width; x++) {
      const corners =
        (value(x, y) > LEVEL ? 1 : 0) |
        (value(x + 1, y) > LEVEL ? 2 : 0) |
        (value(x + 1, y + 1) > LEVEL ? 4 : 0) |
        (value(x, y + 1) > LEVEL ? 8 : 0);
      const sides = [horizontal(x, y), vertical(x + 1, y), horizontal(x, y + 1), vertical(x, y)];
      for (const [from, to] of CELL_PATHS[corners]) next.set(sides[from], sides[to]);
    }
  const point = (key: number): readonly [number, number] => {
    const cell = key >> 1;
    const x = (cell % columns) - 1;
    const y = Math.floor(cell / columns) - 1;
    const isVertical = (key & 1) === 1;
    const here = value(x, y);
    const t = (LEVEL - here) / ((isVertical ? value(x, y + 1) : value(x + 1, y)) - here);
    const at = (position: number) => Math.round((position + 0.5) * OUTLINE_UNITS);
    return isVertical ? [at(x), at(y + t)] : [at(x + t), at(y)];
  };
  const loops: string[] = [];
  for (const start of next.keys()) {
    if (!next.has(start)) continue;
    let [x, y] = point(start);
    let path = `M${x} ${y}`;
    for (let key = start; next.has(key); ) {
      const following = next.get(key)!;
      next.delete(key);
      key = following;
      if (key === start) break;
      const [toX, toY] = point(key);
      if (toX !== x || toY !== y) path += `l${toX - x} ${toY - y}`;
      [x, y] = [toX, toY];
    }
    loops.push(`${path}z`);
  }
  return loops.join("");
}

/** For each corner pattern (bits: upper left, upper right, lower right, lower left) the sides (top, right, bottom, left) joined. */
const CELL_PATHS: readonly (readonly (readonly [from: number, to: number])[])[] = [
  [],
  [[0, 3]],
  [[1, 0]],
  [[1, 3]],
  [[2, 1]],
  [
    [0, 3],
    [2, 1],
  ],
  [[2, 0]],
  [[2, 3]],
  [[3, 2]],
  [[0, 2]],
  [
    [1, 0],
    [3, 2],
  ],
  [[1, 2]],
  [[3, 1]],
  [[0, 1]],
  [[3, 0]],
  [],
];
