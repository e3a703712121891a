import { centreIndex } from "../../volume/index.js";
import { solveSymmetric } from "../solve-symmetric.js";

/**
 * What of a box `[edge, edge, edge]` is the same in all directions from its centre, within the sphere that fits into it: the mean over
 * all rotations. Means over shells of voxels would leave a sharp shell's steps behind; so its profile is the one of least squares among
 * those that voxels can show, sums of sin(pi n r / R) / r for the sphere's radius R (spherical Bessel functions of order 0), n to R.
 */
export function roundPart(volume: Float32Array, edge: number): Float32Array {
  const radius = Math.floor(edge / 2);
  const centre = centreIndex(edge);
  const profiles = new Map<number, Float64Array>();
  const square = (at: number): number => {
    const [x, y, z] = [at % edge, Math.floor(at / edge) % edge, Math.floor(at / edge / edge)];
    return (x - centre) ** 2 + (y - centre) ** 2 + (z - centre) ** 2;
  };
  const normal = new Float64Array(radius * radius);
  const right = new Float64Array(radius);
  const sums = sumsBySquare(volume, square, radius);
  for (const [r2, { sum, count }] of sums) {
    const basis = basisAt(Math.sqrt(r2), radius);
    profiles.set(r2, basis);
    for (let m = 0; m < radius; m++) {
      right[m] += basis[m] * sum;
      for (let n = 0; n < radius; n++) normal[m * radius + n] += count * basis[m] * basis[n];
    }
  }
  const weights = solveSymmetric(withRidge(normal, radius), right)!;
  const values = new Map<number, number>();
  for (const [r2, basis] of profiles)
    values.set(
      r2,
      basis.reduce((sum, one, n) => sum + one * weights[n], 0),
    );
  return volume.map((_, at) => values.get(square(at)) ?? 0);
}

/** Sum and number of the voxels at each squared distance within the radius. */
function sumsBySquare(volume: Float32Array, square: (at: number) => number, radius: number) {
  const sums = new Map<number, { sum: number; count: number }>();
  for (let at = 0; at < volume.length; at++) {
    const r2 = square(at);
    if (r2 >= radius * radius) continue;
    const own = sums.get(r2) ?? { sum: 0, count: 0 };
    own.sum += volume[at];
    own.count++;
    sums.set(r2, own);
  }
  return sums;
}

function basisAt(r: number, radius: number): Float64Array {
  return Float64Array.from({ length: radius }, (_, i) => {
    const frequency = (Math.PI * (i + 1)) / radius;
    return r > 0 ? Math.sin(frequency * r) / r : frequency;
  });
}

/** Of the trace's share of each diagonal element, added so that the matrix is positive definite whatever is rounded. */
const RIDGE = 1e-9;

/** Adds a little of its trace to the diagonal of a square matrix. */
function withRidge(matrix: Float64Array, n: number): Float64Array {
  const result = matrix.slice();
  let trace = 0;
  for (let i = 0; i < n; i++) trace += matrix[i * n + i];
  for (let i = 0; i < n; i++) result[i * n + i] += (RIDGE * trace) / n;
  return result;
}
