import { ShapeError } from "../errors.js";

/** Edge lengths in voxels, slowest axis first: `[nz, ny, nx]`. */
export type Shape3 = readonly [nz: number, ny: number, nx: number];

/** A point or vector; the unit is in the name of the variable that holds it. */
export interface Vector3 {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** A regular grid of cubic voxels. The voxel `(0, 0, 0)` has its centre at the origin. */
export interface VoxelGrid {
  readonly shape: Shape3;
  readonly voxelSizeAngstrom: number;
}

/**
 * A scalar field on a regular grid. `data` is `[nz, ny, nx]` with x fastest (MRC order); density is positive where
 * protein is.
 */
export interface Volume extends VoxelGrid {
  readonly data: Float32Array;
}

/**
 * A volume over `data`, or zeros when none is given.
 * @throws ShapeError when `data` does not have nz * ny * nx values.
 */
export function createVolume(shape: Shape3, voxelSizeAngstrom: number, data?: Float32Array): Volume {
  const length = voxelCount(shape);
  if (data && data.length !== length)
    throw new ShapeError(`a volume of shape [${shape.join(", ")}] needs ${length} values, got ${data.length}`);
  return { data: data ?? new Float32Array(length), shape, voxelSizeAngstrom };
}

/** nz * ny * nx. */
export function voxelCount(shape: Shape3): number {
  return shape[0] * shape[1] * shape[2];
}

/** The index of a box's centre along an axis of `n` voxels: floor(n / 2), for odd and even boxes alike. */
export function centreIndex(n: number): number {
  return Math.floor(n / 2);
}
