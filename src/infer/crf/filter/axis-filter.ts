/**
 * A Gaussian along one axis as sparse steps. Narrow ones are one step, voxel to voxel. Wide ones go over a coarse grid, h apart, as in
 * non-uniform Fourier transforms: voxels are spread to the three cells about them and read from them again with a window B, and
 * between the two the cells are filtered with the g that makes the whole the Gaussian,
 *
 *     sum_kl B(x / h - k) g(k - l) B(y / h - l) = exp(-(x - y)^2 / 2 sigma^2),
 *     g^(w) = sqrt(2 pi) sigma / h exp(-(w sigma / h)^2 / 2) / B^(w)^2 for |w| < pi, the hats being Fourier transforms,
 *
 * but for aliasing, where spectra reach beyond a cell's. B(t) = exp(6.5 sqrt(1 - (t / 1.5)^2)) is among the best so narrow (Barnett,
 * Magland and af Klinteberg 2019): the sum is within 0.02 of the Gaussian.
 */
export interface AxisFilter {
  readonly voxels: number;
  readonly cells: number;
  /** For each cell the voxels that it sums over; none where cells are the voxels themselves. */
  readonly toCells: readonly Taps[] | undefined;
  /** For each cell the cells. */
  readonly blur: readonly Taps[];
  /** For each voxel the cells: the transpose of `toCells`. */
  readonly fromCells: readonly Taps[] | undefined;
}

export interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** h / sigma. */
const SPACING = 0.9;
const HALF_WINDOW = 1.5;
const SHAPE = 6.5;
/** How far g goes, in sigma; and a Gaussian that is filtered directly. */
const BLUR_REACH = 2.8;
const DIRECT_REACH = 3.3;
/** Below this many voxels of width, and for so short an axis, the direct way is cheaper. */
const NARROW_SIGMA = 1.6;
const SHORT_AXIS = 4;

export function axisFilter(voxels: number, sigma: number): AxisFilter {
  return sigma < NARROW_SIGMA || voxels <= SHORT_AXIS ? directFilter(voxels, sigma) : gridFilter(voxels, sigma);
}

function directFilter(voxels: number, sigma: number): AxisFilter {
  const weightAt = (distance: number) => Math.exp(-((distance / sigma) ** 2) / 2);
  const blur = blurTaps(voxels, DIRECT_REACH * sigma, weightAt);
  return { voxels, cells: voxels, toCells: undefined, blur, fromCells: undefined };
}

function gridFilter(voxels: number, sigma: number): AxisFilter {
  const spacing = SPACING * sigma;
  const cells = Math.ceil((voxels - 1) / spacing + 2 * HALF_WINDOW - 1); // three about the outermost voxels, too
  const start = (voxels - 1 - (cells - 1) * spacing) / 2; // where the first cell is: the grid is centred on the middle
  const fromCells = Array.from({ length: voxels }, (_, voxel) => {
    const cell = (voxel - start) / spacing;
    const first = Math.max(0, Math.min(cells - 3, Math.ceil(cell - HALF_WINDOW)));
    return { first, weights: [0, 1, 2].map((k) => window(cell - first - k)) };
  });
  cellKernel ??= kernelOfCells(1 / SPACING);
  const blur = blurTaps(cells, BLUR_REACH / SPACING, cellKernel);
  return { voxels, cells, toCells: transposed(fromCells, cells), blur, fromCells };
}

function window(distance: number): number {
  const square = 1 - (distance / HALF_WINDOW) ** 2;
  return square > 0 ? Math.exp(SHAPE * (Math.sqrt(square) - 1)) : 0;
}

/** Nodes of the integrals over the window and over w from 0 to pi, by the midpoint rule. */
const NODES = 64;
const middles = Array.from({ length: NODES }, (_, node) => (node + 0.5) / NODES);

/** It is the same for all: cells are as far apart in terms of sigma. */
let cellKernel: ((distance: number) => number) | undefined;

/** g, for sigma in cells. */
function kernelOfCells(sigma: number): (distance: number) => number {
  const sum = (term: (middle: number, node: number) => number) =>
    middles.reduce((total, middle, node) => total + term(middle, node), 0) / NODES;
  const windows = middles.map((middle) => window(HALF_WINDOW * middle));
  const spectrum = middles.map((middle) => {
    const frequency = Math.PI * middle;
    const ofWindow = 2 * HALF_WINDOW * sum((at, node) => windows[node] * Math.cos(frequency * HALF_WINDOW * at));
    return (Math.sqrt(2 * Math.PI) * sigma * Math.exp(-((frequency * sigma) ** 2) / 2)) / ofWindow ** 2;
  });
  return (distance) => sum((middle, node) => spectrum[node] * Math.cos(distance * Math.PI * middle));
}

function blurTaps(count: number, reach: number, weightAt: (distance: number) => number): Taps[] {
  const widest = Math.min(count - 1, Math.floor(reach));
  const half = Array.from({ length: widest + 1 }, (_, distance) => weightAt(distance));
  return Array.from({ length: count }, (_, target) => {
    const [first, last] = [Math.max(0, target - widest), Math.min(count - 1, target + widest)];
    return { first, weights: Array.from({ length: last - first + 1 }, (_, k) => half[Math.abs(first + k - target)]) };
  });
}

/** For each of `sources` those that take from it: they follow one another. */
function transposed(taps: readonly Taps[], sources: number): Taps[] {
  const result = Array.from({ length: sources }, () => ({ first: 0, weights: [] as number[] }));
  for (const [target, { first, weights }] of taps.entries())
    for (const [k, weight] of weights.entries()) {
      const own = result[first + k];
      if (own.weights.length === 0) own.first = target;
      own.weights.push(weight);
    }
  return result;
}
