import { centreIndex, createFft3, interpolationCorrection } from "../../volume/index.js";
import { CELL_FLOATS, type FourierGrid, forEachCell, mirrorCell, PADDING } from "./fourier-grid.js";
import { sphereMask } from "./sphere-mask.js";
import { withNeighbours } from "./with-neighbours.js";

/** How a sum becomes a volume. */
export interface FourierVolumeOptions {
  /**
   * Noise power of one particle over signal power, for each shell (the last one for all beyond): what is added to the weights,
   * so that frequencies of little signal fade out (Wiener). Default none.
   */
  readonly noiseToSignal?: ArrayLike<number>;
}

/** Cells whose weight is below this fraction of their shell's mean are divided by the fraction: nothing blows up. As in RELION. */
const SMALLEST_WEIGHT = 1e-3;
/** Beyond the sphere that fits into the box the volume fades out, as RELION's. */
const FADE_VOXELS = 3;
/** A box's frequencies are spread over this many cells each; zero frequency, which is where every rotation leaves it, over one. */
const cellsPerFrequency = (shell: number): number => (shell === 0 ? 1 : PADDING ** 3);

/** The volume `[edge, edge, edge]` of gathered cells. */
export function fourierVolume(
  grid: FourierGrid,
  gathered: Float32Array,
  { noiseToSignal }: FourierVolumeOptions = {},
): Float32Array {
  const paddedEdge = PADDING * grid.edge;
  const fft = createFft3([paddedEdge, paddedEdge, paddedEdge]);
  const spectrum = fft.createSpectrum();
  const smallest = shellWeights(grid, gathered).map((mean) => SMALLEST_WEIGHT * mean);
  const cells = withNeighbours(grid, gathered);
  forEachCell(grid, (cell, x, y, z, shell) => {
    const at = CELL_FLOATS * cell;
    if (cells[at + 2] === 0) return;
    const noise = noiseToSignal ? noiseToSignal[Math.min(shell, noiseToSignal.length - 1)] : 0;
    const sign = (x + y + z) % 2 === 0 ? 1 : -1; // phases are counted from the centre, the transform's from the corner
    const count = cellsPerFrequency(shell);
    const scale = (sign * count) / (Math.max(count * cells[at + 2], smallest[shell]) + noise);
    const row = ((z < 0 ? z + paddedEdge : z) * paddedEdge + (y < 0 ? y + paddedEdge : y)) * fft.halfWidth;
    spectrum[2 * (row + x)] = scale * cells[at];
    spectrum[2 * (row + x) + 1] = scale * cells[at + 1];
  });
  const padded = new Float32Array(paddedEdge ** 3);
  fft.inverse(spectrum, padded);
  return cropped(padded, grid.edge);
}

/** Mean weight of the frequencies of each shell. */
export function shellWeights(grid: FourierGrid, cells: Float32Array): Float64Array {
  const sums = new Float64Array(Math.ceil(grid.radius) + 1);
  const counts = new Float64Array(sums.length);
  forEachCell(grid, (cell, x, y, z, shell) => {
    sums[shell] += cells[CELL_FLOATS * cell + 2];
    if (x === 0) sums[shell] += cells[CELL_FLOATS * mirrorCell(grid, y, z) + 2];
    counts[shell]++;
  });
  return sums.map((sum, shell) => (counts[shell] > 0 ? (cellsPerFrequency(shell) * sum) / counts[shell] : 0));
}

/**
 * The middle of the padded box, as far as the sphere that every rotation leaves within the boxes of the particles. Linear
 * interpolation in Fourier space fades it towards its faces by sinc^2: undone here.
 */
function cropped(padded: Float32Array, edge: number): Float32Array {
  const paddedEdge = PADDING * edge;
  const first = centreIndex(paddedEdge) - centreIndex(edge);
  const correction = interpolationCorrection(edge, paddedEdge);
  const volume = sphereMask(edge, edge / 2, FADE_VOXELS);
  for (let z = 0, at = 0; z < edge; z++)
    for (let y = 0; y < edge; y++) {
      const row = ((first + z) * paddedEdge + first + y) * paddedEdge + first;
      for (let x = 0; x < edge; x++, at++)
        volume[at] *= padded[row + x] * correction[x] * correction[y] * correction[z];
    }
  return volume;
}
