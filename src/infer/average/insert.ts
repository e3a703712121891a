import { type Pose, quaternionToMatrix, type Vector3 } from "../../volume/index.js";
import type { Subtomogram } from "../align/subtomogram.js";
import { CELL_FLOATS, type FourierGrid, PADDING } from "./fourier-grid.js";

/** Adds a particle to the cells of a grid, turned back and shifted back. */
export type Insertion = (cells: Float32Array, subtomogram: Subtomogram, pose: Pose, share: number) => void;

/**
 * With `X(k) = exp(-2 pi i k shift / edge) M(R^-1 k)`, X the particle's spectrum and M the reference's, each frequency k of the
 * particle goes to `p = R^-1 k`. The plane kx = 0 holds frequencies and their mirror images: each counts half.
 *
 * A particle of 64^3 voxels tilted to 60 degrees has 46,000 frequencies for 8 cells each: 12 MB read and written, 10 ms. Its own
 * transform takes longer, so these loops are not in WebAssembly.
 */
export function createInsertion({ edge, radius, reach, width, depth }: FourierGrid): Insertion {
  const largest = Math.ceil(radius) - 1;
  const halfWidth = Math.floor(edge / 2) + 1;
  const row = CELL_FLOATS * depth;
  const plane = row * width;
  return (cells, { spectrum, weight }, { rotation, shiftVoxels }, share) => {
    const [a, b, c, d, e, f, g, h, i] = quaternionToMatrix(rotation, PADDING);
    const phases = shiftPhases(shiftVoxels, edge, largest);
    for (let z = -largest; z <= largest; z++)
      for (let y = -largest; y <= largest; y++) {
        const farthest = Math.sqrt(radius * radius - z * z - y * y); // NaN where the row is outside
        const start = ((z < 0 ? z + edge : z) * edge + (y < 0 ? y + edge : y)) * halfWidth;
        const [yzReal, yzImaginary] = product(phases.y, y + largest, phases.z, z + largest);
        for (let x = 0; x < farthest; x++) {
          const measured = weight[start + x];
          if (measured === 0) continue;
          const [xReal, xImaginary] = [phases.x[2 * (x + largest)], phases.x[2 * (x + largest) + 1]];
          const part = x === 0 ? share / 2 : share;
          const cosine = part * (xReal * yzReal - xImaginary * yzImaginary);
          const sine = part * (xReal * yzImaginary + xImaginary * yzReal);
          const [re, im] = [spectrum[2 * (start + x)], spectrum[2 * (start + x) + 1]];
          const real = cosine * re - sine * im;
          let imaginary = cosine * im + sine * re;
          let [px, py, pz] = [a * x + d * y + g * z, b * x + e * y + h * z, c * x + f * y + i * z];
          if (px < 0) [px, py, pz, imaginary] = [-px, -py, -pz, -imaginary];
          py += reach;
          pz += reach;
          const [ix, iy, iz] = [Math.floor(px), Math.floor(py), Math.floor(pz)];
          const [tx, ty, tz] = [px - ix, py - iy, pz - iz];
          const w = part * measured;
          let at = iz * plane + iy * row + CELL_FLOATS * ix;
          for (let corner = 0; corner < 4; corner++) {
            const yz = ((corner & 1) === 0 ? 1 - ty : ty) * (corner < 2 ? 1 - tz : tz);
            const [near, far] = [yz * (1 - tx), yz * tx];
            cells[at] += near * real;
            cells[at + 1] += near * imaginary;
            cells[at + 2] += near * w;
            cells[at + 4] += far * real;
            cells[at + 5] += far * imaginary;
            cells[at + 6] += far * w;
            at += corner === 1 ? plane - row : row;
          }
        }
      }
  };
}

/** exp(2 pi i k shift / edge) for k from -largest to largest along each axis, real and imaginary parts in turn. */
function shiftPhases(shift: Vector3, edge: number, largest: number): Readonly<Record<"x" | "y" | "z", Float64Array>> {
  const along = (voxels: number) => {
    const phases = new Float64Array(2 * (2 * largest + 1));
    for (let k = -largest; k <= largest; k++) {
      const angle = (2 * Math.PI * k * voxels) / edge;
      phases[2 * (k + largest)] = Math.cos(angle);
      phases[2 * (k + largest) + 1] = Math.sin(angle);
    }
    return phases;
  };
  return { x: along(shift.x), y: along(shift.y), z: along(shift.z) };
}

/** The product of two complex numbers of arrays. */
function product(one: Float64Array, i: number, other: Float64Array, j: number): readonly [number, number] {
  const [a, b, c, d] = [one[2 * i], one[2 * i + 1], other[2 * j], other[2 * j + 1]];
  return [a * c - b * d, a * d + b * c];
}
