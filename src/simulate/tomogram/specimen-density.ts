import type { Matrix3, Shape3 } from "../../volume/index.js";
import type { Beads } from "../beads.js";
import type { ShapeBits } from "./pack-shape.js";

/** Turn and scale (Å to voxels) in one matrix, and where the origin comes to, in voxel indices. */
export interface VoxelPlacement {
  readonly matrix: Matrix3;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Adds beads to a volume, each shared among its eight voxels in proportion to nearness; what lies outside is lost. */
export function addBeads(
  density: Float32Array,
  [nz, ny, nx]: Shape3,
  { positions, weights }: Beads,
  { matrix, x, y, z }: VoxelPlacement,
): void {
  const [a, b, c, d, e, f, g, h, i] = matrix;
  const plane = nx * ny;
  for (let bead = 0, p = 0; bead < weights.length; bead++, p += 3) {
    const px = positions[p]!;
    const py = positions[p + 1]!;
    const pz = positions[p + 2]!;
    const vx = a * px + b * py + c * pz + x;
    const vy = d * px + e * py + f * pz + y;
    const vz = g * px + h * py + i * pz + z;
    if (!(vx >= 0 && vy >= 0 && vz >= 0 && vx < nx - 1 && vy < ny - 1 && vz < nz - 1)) continue;
    const ix = vx | 0;
    const iy = vy | 0;
    const iz = vz | 0;
    const fx = vx - ix;
    const fy = vy - iy;
    const at = iz * plane + iy * nx + ix;
    const upper = weights[bead]! * (vz - iz);
    const lower = weights[bead]! - upper;
    density[at]! += lower * (1 - fy) * (1 - fx);
    density[at + 1]! += lower * (1 - fy) * fx;
    density[at + nx]! += lower * fy * (1 - fx);
    density[at + nx + 1]! += lower * fy * fx;
    density[at + plane]! += upper * (1 - fy) * (1 - fx);
    density[at + plane + 1]! += upper * (1 - fy) * fx;
    density[at + plane + nx]! += upper * fy * (1 - fx);
    density[at + plane + nx + 1]! += upper * fy * fx;
  }
}

/** Where labels are written; both have the shape of the specimen. */
export interface LabelVolumes {
  readonly shape: Shape3;
  readonly classLabels: Uint8Array;
  readonly instanceLabels: Uint16Array | Uint32Array;
}

/** Labels the voxels of `bits`, the first voxel of its box at (x, y, z). All must lie inside the volume. */
export function labelShape(
  { shape: [, ny, nx], classLabels, instanceLabels }: LabelVolumes,
  { edge, words, bits, rows, rowCount }: ShapeBits,
  [x, y, z]: readonly [number, number, number],
  { classNumber, instance }: { classNumber: number; instance: number },
): void {
  for (let r = 0; r < rowCount; r++) {
    const row = rows[r]!;
    const rz = (row / edge) | 0;
    const start = ((z + rz) * ny + y + row - rz * edge) * nx + x;
    for (let w = 0; w < words; w++)
      for (let word = bits[row * words + w]!; word !== 0; word &= word - 1) {
        const at = start + 32 * w + 31 - Math.clz32(word & -word);
        classLabels[at] = classNumber;
        instanceLabels[at] = instance;
      }
  }
}
