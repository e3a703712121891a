import { createFft3 } from "../volume/index.js";

/** Correlation of two volumes by spatial frequency. */
export interface ShellCorrelation {
  /** Voxels along the edge of the volumes. */
  readonly edge: number;
  /** By shell, the distance from zero frequency in Fourier pixels, rounded: 0 to floor(edge / 2). */
  readonly byShell: Float64Array;
}

/**
 * Fourier shell correlation of two volumes `[edge, edge, edge]`: for each shell the sum of F conj G over the root of the sums
 * of |F|^2 and |G|^2 (Harauz and van Heel 1986, "Exact filters for general geometry three dimensional reconstruction"). 0
 * where either has nothing. Every frequency of a shell counts once; RELION counts those of the plane kx = 0 twice, so its FSC
 * differs by some 0.01 in small boxes.
 * @throws ShapeError when a volume does not have edge^3 voxels.
 */
export function fourierShellCorrelation(one: Float32Array, other: Float32Array, edge: number): ShellCorrelation {
  const fft = createFft3([edge, edge, edge]);
  const [first, second] = [fft.createSpectrum(), fft.createSpectrum()];
  fft.forward(one, first);
  fft.forward(other, second);
  return { edge, byShell: correlateShells(first, second, edge) };
}

function correlateShells(first: Float64Array, second: Float64Array, edge: number): Float64Array {
  const halfWidth = Math.floor(edge / 2) + 1;
  const shells = Math.floor(edge / 2) + 1;
  const [products, ones, others] = [new Float64Array(shells), new Float64Array(shells), new Float64Array(shells)];
  for (let z = 0, at = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < halfWidth; x++, at += 2) {
        const [kz, ky] = [z <= edge / 2 ? z : z - edge, y <= edge / 2 ? y : y - edge];
        const shell = Math.round(Math.sqrt(kz * kz + ky * ky + x * x));
        if (shell >= shells) continue;
        const times = x === 0 || 2 * x === edge ? 1 : 2; // the mirror image of the others is not in the half spectrum
        products[shell] += times * (first[at] * second[at] + first[at + 1] * second[at + 1]);
        ones[shell] += times * (first[at] ** 2 + first[at + 1] ** 2);
        others[shell] += times * (second[at] ** 2 + second[at + 1] ** 2);
      }
  return products.map((sum, shell) => (sum === 0 ? 0 : sum / Math.sqrt(ones[shell] * others[shell])));
}

/** Where a correlation falls below a threshold. */
export interface Resolution {
  readonly resolutionAngstrom: number;
  /** Whether it is above the threshold at every shell: `resolutionAngstrom` is the finest that the voxels hold, not what was reached. */
  readonly isLimitedByVoxels: boolean;
}

/**
 * The resolution at which a correlation first falls below `threshold` (0.143 between independent halves, 0.5 against the
 * truth), by a straight line between shells. Undefined where it does from the first shell on. Shell 0 does not count.
 */
export function resolutionAt(
  { edge, byShell }: ShellCorrelation,
  voxelSizeAngstrom: number,
  threshold: number,
): Resolution | undefined {
  const boxAngstrom = edge * voxelSizeAngstrom;
  const shell = byShell.findIndex((value, index) => index > 0 && !(value >= threshold));
  if (shell === 1) return undefined;
  if (shell < 0) return { resolutionAngstrom: boxAngstrom / (byShell.length - 1), isLimitedByVoxels: true };
  const [above, below] = [byShell[shell - 1], byShell[shell]];
  const crossing = shell - 1 + (above - threshold) / (above - below);
  return { resolutionAngstrom: boxAngstrom / crossing, isLimitedByVoxels: false };
}
