import type { Matrix3, Shape3, Vector3 } from "../../volume/index.js";
import type { Beads } from "../complexes/beads.js";
import type { Complex } from "../complexes/complex.js";

/** Where beads go in a volume: rotation and scale (Å to voxels) in one matrix, and their origin in voxel indices. */
export interface Placement extends Vector3 {
  readonly matrix: Matrix3;
}

/** The beads of a complex, not copied. */
export function beadsOf({ positionsAngstrom, weights }: Complex): Beads {
  return { positions: positionsAngstrom, weights };
}

/** Adds beads to a volume, each divided among its eight voxels in proportion to nearness; beads outside are lost. */
export function splat(
  grid: Float32Array,
  [nz, ny, nx]: Shape3,
  { positions, weights }: Beads,
  { matrix, x, y, z }: Placement,
): void {
  const [a, b, c, d, e, f, g, h, i] = matrix;
  const [topX, topY, topZ] = [nx - 1, ny - 1, nz - 1];
  const plane = nx * ny;
  for (let bead = 0, p = 0; bead < weights.length; bead++, p += 3) {
    const px = positions[p];
    const py = positions[p + 1];
    const pz = positions[p + 2];
    const vx = a * px + b * py + c * pz + x;
    const vy = d * px + e * py + f * pz + y;
    const vz = g * px + h * py + i * pz + z;
    if (!(vx >= 0 && vy >= 0 && vz >= 0 && vx < topX && vy < topY && vz < topZ)) continue;
    const ix = vx | 0;
    const iy = vy | 0;
    const iz = vz | 0;
    const fx = vx - ix;
    const fy = vy - iy;
    const fz = vz - iz;
    const at = iz * plane + iy * nx + ix;
    const upper = weights[bead] * fz;
    const lower = weights[bead] - upper;
    const lowerFar = lower * fy;
    const lowerNear = lower - lowerFar;
    const upperFar = upper * fy;
    const upperNear = upper - upperFar;
    grid[at] += lowerNear * (1 - fx);
    grid[at + 1] += lowerNear * fx;
    grid[at + nx] += lowerFar * (1 - fx);
    grid[at + nx + 1] += lowerFar * fx;
    grid[at + plane] += upperNear * (1 - fx);
    grid[at + plane + 1] += upperNear * fx;
    grid[at + plane + nx] += upperFar * (1 - fx);
    grid[at + plane + nx + 1] += upperFar * fx;
  }
}

/** Whether any of about 250 beads spread over the complex falls on a voxel that holds density already. */
export function collides(grid: Float32Array, n: number, complex: Complex, { matrix, x, y, z }: Placement): boolean {
  const [a, b, c, d, e, f, g, h, i] = matrix;
  const { positionsAngstrom: positions, weights } = complex;
  const step = Math.max(1, Math.floor(weights.length / 250));
  for (let bead = 0; bead < weights.length; bead += step) {
    const px = positions[3 * bead];
    const py = positions[3 * bead + 1];
    const pz = positions[3 * bead + 2];
    const vx = Math.round(a * px + b * py + c * pz + x);
    const vy = Math.round(d * px + e * py + f * pz + y);
    const vz = Math.round(g * px + h * py + i * pz + z);
    if (vx < 0 || vy < 0 || vz < 0 || vx >= n || vy >= n || vz >= n) continue;
    if (grid[(vz * n + vy) * n + vx] > 0) return true;
  }
  return false;
}
