/** Sums of central planes of a cube's spectrum. */
export interface FourierPlanes {
  /** Voxels along each axis of the grid. */
  readonly edge: number;
  /** `[edge, edge, floor(edge / 2) + 1]` complex values in the order of `Fft3`, phases counted from the box's centre. */
  readonly spectrum: Float64Array;
  /** `[edge, edge, floor(edge / 2) + 1]`. */
  readonly weight: Float64Array;
  /**
   * Adds a complex value at a frequency, in steps of the grid: to the eight grid points around it, linearly, and its conjugate on
   * the other side of zero.
   */
  add(x: number, y: number, z: number, real: number, imaginary: number, weight: number): void;
}

/** Zeroed sums on a grid of this edge, which holds frequencies of less than `edge / 2 - 1` steps. */
export function createFourierPlanes(edge: number): FourierPlanes {
  const halfWidth = Math.floor(edge / 2) + 1;
  const spectrum = new Float64Array(2 * edge * edge * halfWidth);
  const weights = new Float64Array(edge * edge * halfWidth);
  const wrapped = (index: number) => (index < 0 ? index + edge : index);
  const addAt = (x: number, y: number, z: number, real: number, imaginary: number, weight: number): void => {
    const firstX = Math.floor(x);
    if (firstX < -1) return; // the half of the spectrum that is not kept
    const [firstY, firstZ] = [Math.floor(y), Math.floor(z)];
    for (let iz = firstZ; iz <= firstZ + 1; iz++) {
      for (let iy = firstY; iy <= firstY + 1; iy++) {
        const factor = (1 - Math.abs(z - iz)) * (1 - Math.abs(y - iy));
        const row = (wrapped(iz) * edge + wrapped(iy)) * halfWidth;
        for (let ix = Math.max(0, firstX); ix <= firstX + 1; ix++) {
          const share = factor * (1 - Math.abs(x - ix));
          spectrum[2 * (row + ix)] += share * real;
          spectrum[2 * (row + ix) + 1] += share * imaginary;
          weights[row + ix] += share * weight;
        }
      }
    }
  };
  return {
    ...{ edge, spectrum, weight: weights },
    add(x, y, z, real, imaginary, weight) {
      addAt(x, y, z, real, imaginary, weight);
      addAt(-x, -y, -z, real, -imaginary, weight);
    },
  };
}
