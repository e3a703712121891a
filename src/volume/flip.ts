import { ShapeError } from "../errors.js";
import { type Shape3, voxelCount } from "./volume.js";

/** Which axes are reversed. */
export type Flip = Readonly<Record<"z" | "y" | "x", boolean>>;

/**
 * The 180° rotations about x, y and z, and the identity: the rotations that map every symmetric missing wedge onto itself.
 * Each reverses two axes or none, so it moves voxels without interpolation.
 */
export const wedgePreservingRotations: readonly Flip[] = [
  { z: false, y: false, x: false },
  { z: true, y: true, x: false },
  { z: true, y: false, x: true },
  { z: false, y: true, x: true },
];

/** Reversals of an odd number of axes: the same wedge, the other hand. Each is a mirror image of a rotation above. */
export const wedgePreservingMirrors: readonly Flip[] = [
  { z: false, y: false, x: true },
  { z: true, y: true, x: true },
  { z: true, y: false, x: false },
  { z: false, y: true, x: false },
];

/**
 * Copies `source` to `target` with axes reversed, index i to n - 1 - i. The fixed point is (n - 1) / 2, so in an even
 * box a particle at the box centre floor(n / 2) moves by one voxel along each reversed axis.
 */
export function flip<T extends Float32Array | Uint8Array>(source: T, target: T, shape: Shape3, axes: Flip): void {
  const [nz, ny, nx] = shape;
  if (source.length !== voxelCount(shape) || target.length !== source.length)
    throw new ShapeError(`a flip of shape [${shape.join(", ")}] got ${source.length} and ${target.length} values`);
  for (let z = 0; z < nz; z++) {
    const fromZ = axes.z ? nz - 1 - z : z;
    for (let y = 0; y < ny; y++) {
      const fromY = axes.y ? ny - 1 - y : y;
      const from = (fromZ * ny + fromY) * nx;
      const to = (z * ny + y) * nx;
      if (axes.x) for (let x = 0; x < nx; x++) target[to + x] = source[from + nx - 1 - x];
      else for (let x = 0; x < nx; x++) target[to + x] = source[from + x];
    }
  }
}
