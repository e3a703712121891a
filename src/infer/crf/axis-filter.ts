/**
 * A Gaussian along one axis as two sparse steps, voxels to cells and cells to voxels. Wide Gaussians go over a coarse grid:
 *
 *     sum_k exp(-(x - k h)^2 / sigma^2) exp(-(y - k h)^2 / sigma^2) = sigma sqrt(pi / 2) / h exp(-(x - y)^2 / 2 sigma^2)
 *
 * but for a ripple of 2 exp(-(pi sigma / h)^2 / 2) of it; narrow ones are filtered voxel by voxel, in one step.
 */
export interface AxisFilter {
  readonly cells: number;
  /** For each cell the voxels it sums over. */
  readonly toCells: readonly Taps[];
  /** For each voxel the cells it sums over; none where cells are the filtered voxels already. */
  readonly fromCells: readonly Taps[] | undefined;
}

export interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** h / sigma: a ripple of 0.014, most of which normalisation takes out again. */
const SPACING = 1;
/** In widths of each of the two steps, sigma / sqrt(2). */
const REACH = 2.8;
/** In widths of the whole Gaussian. */
const DIRECT_REACH = 4;
/** Below this many voxels the direct way is cheaper. */
const NARROW_SIGMA = 1.8;

export function axisFilter(voxels: number, sigma: number): AxisFilter {
  return sigma < NARROW_SIGMA || voxels === 1 ? directFilter(voxels, sigma) : gridFilter(voxels, sigma);
}

function directFilter(voxels: number, sigma: number): AxisFilter {
  const weightAt = (i: number, j: number) => Math.exp(-(((i - j) / sigma) ** 2) / 2);
  return {
    cells: voxels,
    toCells: taps(voxels, voxels, DIRECT_REACH * sigma, (i) => i, weightAt),
    fromCells: undefined,
  };
}

function gridFilter(voxels: number, sigma: number): AxisFilter {
  const spacing = SPACING * sigma;
  const reach = (REACH * sigma) / Math.SQRT2;
  const cells = Math.floor((voxels - 1 + 2 * reach) / spacing) + 1;
  const start = (voxels - 1 - (cells - 1) * spacing) / 2; // where the first cell is: the grid lies even about the middle
  const height = Math.sqrt(spacing / (sigma * Math.sqrt(Math.PI / 2)));
  const weightAt = (cell: number, voxel: number) =>
    height * Math.exp(-(((start + cell * spacing - voxel) / sigma) ** 2));
  return {
    cells,
    toCells: taps(cells, voxels, reach, (cell) => start + cell * spacing, weightAt),
    fromCells: taps(
      voxels,
      cells,
      reach / spacing,
      (voxel) => (voxel - start) / spacing,
      (voxel, cell) => weightAt(cell, voxel),
    ),
  };
}

/** For each target the sources within reach of its place among them, at least one. */
function taps(
  targets: number,
  sources: number,
  reach: number,
  placeOf: (target: number) => number,
  weightAt: (target: number, source: number) => number,
): Taps[] {
  return Array.from({ length: targets }, (_, target) => {
    const place = placeOf(target);
    const first = Math.min(sources - 1, Math.max(0, Math.ceil(place - reach)));
    const last = Math.max(first, Math.min(sources - 1, Math.floor(place + reach)));
    return { first, weights: Array.from({ length: last - first + 1 }, (_, k) => weightAt(target, first + k)) };
  });
}
