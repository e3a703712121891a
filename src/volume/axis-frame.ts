import { ShapeError } from "../errors.js";
import type { Axis, TiltGeometry } from "./tilt-geometry.js";

/** A rotation by 90° or 180°: where each axis of the rotated cube comes from. Proper, so the hand is kept. */
export interface AxisFrame {
  /** Source axis of the rotated z, y and x: 0 for z, 1 for y, 2 for x. */
  readonly from: readonly [number, number, number];
  /** The rotated x runs against its source axis. */
  readonly reversedX: boolean;
}

const INDEX: Record<Axis, number> = { z: 0, y: 1, x: 2 };

/** The rotation that brings the beam to z and the tilt axis to y; undefined when they are there already. */
export function frameOf({ beamAxis, tiltAxis }: Pick<TiltGeometry, "beamAxis" | "tiltAxis">): AxisFrame | undefined {
  const [beam, tilt] = [INDEX[beamAxis], INDEX[tiltAxis]];
  const from = [beam, tilt, 3 - beam - tilt] as const;
  if (from[0] === 0 && from[1] === 1) return undefined;
  // An exchange of two axes alone is a mirror image; a cyclic one is a rotation.
  return { from, reversedX: (from[1] - from[0] + 3) % 3 !== 1 };
}

/**
 * Copies a cube of n^3 voxels into the frame, or out of it with `back`. Index i of a reversed axis becomes n - 1 - i, so in
 * an even box a particle at the box centre floor(n / 2) moves by one voxel along that axis, and comes back with `back`.
 * @throws ShapeError when an array is not of n^3 values.
 */
export function rotateCube<T extends Float32Array | Uint8Array>(
  source: T,
  target: T,
  n: number,
  { from, reversedX }: AxisFrame,
  back = false,
): void {
  if (source.length !== n ** 3 || target.length !== source.length)
    throw new ShapeError(`a rotation of ${n}^3 voxels got ${source.length} and ${target.length} values`);
  const strides = [n * n, n, 1];
  const [strideZ, strideY, strideX] = from.map((axis) => strides[axis]) as [number, number, number];
  for (let z = 0, rotated = 0; z < n; z++)
    for (let y = 0; y < n; y++)
      for (let x = 0; x < n; x++, rotated++) {
        const original = z * strideZ + y * strideY + (reversedX ? n - 1 - x : x) * strideX;
        if (back) target[original] = source[rotated];
        else target[rotated] = source[original];
      }
}
