import { type Quaternion, quaternionToMatrix } from "./quaternion.js";
import { centreIndex, createVolume, type Vector3, type Volume } from "./volume.js";

/** The rotation of a volume, and what lies outside it. */
export interface RotateOptions {
  /** Moves the rotated volume by this vector. */
  readonly shiftVoxels?: Vector3;
  /** Linear is fast and blurs a little; cubic (Keys 1981, a = -1/2) keeps more detail at 8 times the cost. */
  readonly interpolation?: "linear" | "cubic";
}

/**
 * The volume rotated about its box centre, index floor(n / 2), by `rotation`: what was at centre + r comes to
 * centre + rotation r + shift. Outside the volume there is zero.
 */
export function rotateVolume(
  volume: Volume,
  rotation: Quaternion,
  { shiftVoxels = { x: 0, y: 0, z: 0 }, interpolation = "linear" }: RotateOptions = {},
): Volume {
  const [nz, ny, nx] = volume.shape;
  const rotated = createVolume(volume.shape, volume.voxelSizeAngstrom);
  const [a, b, c, d, e, f, g, h, i] = quaternionToMatrix(rotation);
  const centre = { x: centreIndex(nx), y: centreIndex(ny), z: centreIndex(nz) };
  const sample = interpolation === "cubic" ? sampleCubic : sampleLinear;
  let at = 0;
  for (let z = 0; z < nz; z++) {
    const rz = z - centre.z - shiftVoxels.z;
    for (let y = 0; y < ny; y++) {
      const ry = y - centre.y - shiftVoxels.y;
      for (let x = 0; x < nx; x++) {
        const rx = x - centre.x - shiftVoxels.x;
        rotated.data[at++] = sample(
          volume,
          centre.x + a * rx + d * ry + g * rz, // the transpose is the inverse rotation
          centre.y + b * rx + e * ry + h * rz,
          centre.z + c * rx + f * ry + i * rz,
        );
      }
    }
  }
  return rotated;
}

/** Trilinear interpolation at a position in voxel indices; zero outside. */
export function sampleLinear({ data, shape }: Volume, x: number, y: number, z: number): number {
  const [nz, ny, nx] = shape;
  if (!(x > -1 && y > -1 && z > -1 && x < nx && y < ny && z < nz)) return 0;
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const iz = Math.floor(z);
  let sum = 0;
  for (let k = iz; k <= iz + 1; k++) {
    if (k < 0 || k >= nz) continue;
    for (let j = iy; j <= iy + 1; j++) {
      if (j < 0 || j >= ny) continue;
      const row = (k * ny + j) * nx;
      const weight = (1 - Math.abs(z - k)) * (1 - Math.abs(y - j));
      if (ix >= 0) sum += weight * (1 - (x - ix)) * data[row + ix];
      if (ix + 1 < nx) sum += weight * (x - ix) * data[row + ix + 1];
    }
  }
  return sum;
}

function sampleCubic({ data, shape }: Volume, x: number, y: number, z: number): number {
  const [nz, ny, nx] = shape;
  if (!(x > -2 && y > -2 && z > -2 && x < nx + 1 && y < ny + 1 && z < nz + 1)) return 0;
  const [ix, iy, iz] = [Math.floor(x) - 1, Math.floor(y) - 1, Math.floor(z) - 1];
  let sum = 0;
  for (let k = Math.max(0, iz); k <= Math.min(nz - 1, iz + 3); k++) {
    const wz = cubicWeight(z - k);
    for (let j = Math.max(0, iy); j <= Math.min(ny - 1, iy + 3); j++) {
      const wy = wz * cubicWeight(y - j);
      const row = (k * ny + j) * nx;
      for (let i = Math.max(0, ix); i <= Math.min(nx - 1, ix + 3); i++) sum += wy * cubicWeight(x - i) * data[row + i];
    }
  }
  return sum;
}

/** Keys' kernel: 3/2 t^3 - 5/2 t^2 + 1 up to 1, -1/2 t^3 + 5/2 t^2 - 4 t + 2 up to 2. */
function cubicWeight(offset: number): number {
  const t = Math.abs(offset);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}
