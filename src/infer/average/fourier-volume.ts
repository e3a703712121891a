import { centreIndex, createFft3 } from "../../volume/index.js";
import { CELL_FLOATS, type FourierGrid, forEachCell, PADDING } from "./fourier-grid.js";

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
/** A box's frequencies are spread over this many cells each; zero frequency, which is where every rotation leaves it, over one. */
const cellsPerFrequency = (shell: number): number => (shell === 0 ? 1 : PADDING ** 3);

/** The volume `[edge, edge, edge]` of gathered cells. */
export function fourierVolume(
  grid: FourierGrid,
  cells: Float32Array,
  { noiseToSignal }: FourierVolumeOptions = {},
): Float32Array {
  const paddedEdge = PADDING * grid.edge;
  const fft = createFft3([paddedEdge, paddedEdge, paddedEdge]);
  const spectrum = fft.createSpectrum();
  const smallest = shellWeights(grid, cells).map((mean) => SMALLEST_WEIGHT * mean);
  forEachCell(grid, (cell, x, y, z, shell) => {
    const other = x === 0 ? mirrorCell(grid, y, z) : undefined;
    const at = CELL_FLOATS * cell;
    const [real, imaginary, gathered] =
      other === undefined
        ? [cells[at], cells[at + 1], cells[at + 2]]
        : [cells[at] + cells[other], cells[at + 1] - cells[other + 1], cells[at + 2] + cells[other + 2]];
    if (gathered === 0) return;
    const noise = noiseToSignal ? noiseToSignal[Math.min(shell, noiseToSignal.length - 1)] : 0;
    const cellsPer = cellsPerFrequency(shell);
    const weight = Math.max(cellsPer * gathered, smallest[shell]) + noise;
    const sign = (x + y + z) % 2 === 0 ? 1 : -1; // phases are counted from the centre, the transform's from the corner
    const scale = (sign * cellsPer) / weight;
    const row = ((z < 0 ? z + paddedEdge : z) * paddedEdge + (y < 0 ? y + paddedEdge : y)) * fft.halfWidth;
    spectrum[2 * (row + x)] = scale * real;
    spectrum[2 * (row + x) + 1] = scale * imaginary;
  });
  const padded = new Float32Array(paddedEdge ** 3);
  fft.inverse(spectrum, padded);
  return cropped(padded, grid.edge);
}

/** Mean weight of the frequencies of each shell. */
export function shellWeights(grid: FourierGrid, cells: Float32Array): Float64Array {
  const sums = new Float64Array(Math.ceil(grid.radius) + 1);
  const counts = new Float64Array(sums.length);
  forEachCell(grid, (cell, x, _y, _z, shell) => {
    sums[shell] += (x === 0 ? 2 : 1) * cells[CELL_FLOATS * cell + 2]; // a plane of its own halves
    counts[shell]++;
  });
  return sums.map((sum, shell) => (counts[shell] > 0 ? (cellsPerFrequency(shell) * sum) / counts[shell] : 0));
}

/** Where the mirror image of a frequency of the plane x = 0 is in the cells. */
function mirrorCell({ reach, width, depth }: FourierGrid, y: number, z: number): number {
  return CELL_FLOATS * ((reach - z) * width + reach - y) * depth;
}

/** The middle of the padded box. Linear interpolation in Fourier space fades it towards its faces by sinc^2: undone here. */
function cropped(padded: Float32Array, edge: number): Float32Array {
  const paddedEdge = PADDING * edge;
  const first = centreIndex(paddedEdge) - centreIndex(edge);
  const correction = Float64Array.from({ length: edge }, (_, i) => {
    const t = (Math.PI * (i - centreIndex(edge))) / paddedEdge;
    return t === 0 ? 1 : (t / Math.sin(t)) ** 2;
  });
  const volume = new Float32Array(edge ** 3);
  for (let z = 0, at = 0; z < edge; z++)
    for (let y = 0; y < edge; y++) {
      const row = ((first + z) * paddedEdge + first + y) * paddedEdge + first;
      for (let x = 0; x < edge; x++, at++) volume[at] = padded[row + x] * correction[x] * correction[y] * correction[z];
    }
  return volume;
}
