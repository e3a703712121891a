import { conjugateQuaternion, multiplyQuaternions, type Quaternion, rotateVector } from "./quaternion.js";
import type { Vector3 } from "./volume.js";

/**
 * How a reference lies in a box: what is at centre + r in the reference is at centre + rotation r + shift in the box, the
 * centre of either being voxel floor(n / 2). It is what `rotateVolume` does.
 */
export interface Pose {
  readonly rotation: Quaternion;
  readonly shiftVoxels: Vector3;
}

/** The pose that undoes `pose`. */
export function invertPose({ rotation, shiftVoxels }: Pose): Pose {
  const inverse = conjugateQuaternion(rotation);
  const { x, y, z } = rotateVector(inverse, shiftVoxels);
  return { rotation: inverse, shiftVoxels: { x: -x, y: -y, z: -z } };
}

/** `second` and then `first`, as in the matrix product `first second`. */
export function composePoses(first: Pose, second: Pose): Pose {
  const turned = rotateVector(first.rotation, second.shiftVoxels);
  return {
    rotation: multiplyQuaternions(first.rotation, second.rotation),
    shiftVoxels: {
      x: turned.x + first.shiftVoxels.x,
      y: turned.y + first.shiftVoxels.y,
      z: turned.z + first.shiftVoxels.z,
    },
  };
}
