import type { Quaternion } from "../quaternion.js";
import { rotateVolume } from "../rotate.js";
import { createVolume, type Volume } from "../volume.js";

/** The mean of a map rotated by every operator about its box centre, index floor(n / 2); cubic interpolation. */
export function symmetriseVolume(map: Volume, operators: readonly Quaternion[]): Volume {
  const mean = createVolume(map.shape, map.voxelSizeAngstrom);
  for (const operator of operators) {
    const rotated = rotateVolume(map, operator, { interpolation: "cubic" });
    for (let k = 0; k < mean.data.length; k++) mean.data[k] += rotated.data[k] / operators.length;
  }
  return mean;
}
