import type { Matrix3 } from "../../volume/index.js";

/** Sums of central planes of a cube's spectrum. */
export interface FourierPlanes {
  /** Voxels along each axis of the grid. */
  readonly edge: number;
  /** `[edge, edge, floor(edge / 2) + 1]` complex values in the order of `Fft3`, phases counted from the box's centre. */
  readonly spectrum: Float64Array;
  /** `[edge, edge, floor(edge / 2) + 1]`. */
  readonly weight: Float64Array;
  /**
   * Adds a value at the frequency (u, v) of an image: to the eight grid points around its place, linearly, and its conjugate
   * on the other side of zero.
   * @param rotation the rows are the image's x, its y, and the beam, in the axes of the cube
   * @param u in grid steps along the image's x; `v` along its y
   */
  add(
    rotation: Matrix3,
    frequency: readonly [u: number, v: number],
    value: readonly [number, number],
    weight: number,
  ): void;
}

/** Zeroed sums on a grid of this edge, which holds frequencies of less than `edge / 2 - 1` steps. */
export function createFourierPlanes(edge: number): FourierPlanes {
  const halfWidth = Math.floor(edge / 2) + 1;
  const spectrum = new Float64Array(2 * edge * edge * halfWidth);
  const weights = new Float64Array(edge * edge * halfWidth);
  const wrapped = (index: number) => (index < 0 ? index + edge : index);
  const addAt = (x: number, y: number, z: number, real: number, imaginary: number, weight: number): void => {
    const [firstX, firstY, firstZ] = [Math.floor(x), Math.floor(y), Math.floor(z)];
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
    add([ax, ay, az, bx, by, bz], [u, v], [real, imaginary], weight) {
      const [x, y, z] = [u * ax + v * bx, u * ay + v * by, u * az + v * bz];
      addAt(x, y, z, real, imaginary, weight);
      addAt(-x, -y, -z, real, -imaginary, weight);
    },
  };
}
