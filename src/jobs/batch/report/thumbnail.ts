import type { PickSlice } from "../../../report/index.js";

/** Pixels along the longer side. */
const LARGEST = 240;

/** A slice with its pixels averaged, so that hundreds fit on a page. */
export function thumbnailOf<Slice extends PickSlice>(slice: Slice): Slice {
  const { width, height, data } = slice.plane;
  const binning = Math.ceil(Math.max(width, height) / LARGEST);
  if (binning === 1) return slice;
  const [columns, rows] = [Math.floor(width / binning), Math.floor(height / binning)];
  const binned = new Float32Array(columns * rows);
  for (let y = 0; y < rows * binning; y++)
    for (let x = 0; x < columns * binning; x++)
      binned[Math.floor(y / binning) * columns + Math.floor(x / binning)]! += (data[y * width + x] ?? 0) / binning ** 2;
  return {
    ...slice,
    plane: { width: columns, height: rows, data: binned },
    pixelAngstrom: slice.pixelAngstrom * binning,
    circles: slice.circles.map(({ x, y, radius, classIndex }) => ({
      ...{ x: x / binning, y: y / binning, radius: radius / binning, classIndex },
    })),
  };
}
