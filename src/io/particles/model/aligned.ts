import type { Pose, Vector3 } from "../../../volume/index.js";
import type { Particle } from "./particle-list.js";
import { plus, scaled } from "./placement.js";

/** The box that a particle was aligned in. */
export interface AlignedBox {
  readonly voxelSizeAngstrom: number;
  /** Where the box's centre is in the tomogram, counted as the list counts; undefined where nothing says it. */
  readonly centreAngstrom: Vector3 | undefined;
}

/**
 * A particle with the pose that alignment found: how the reference lies in its box. Its position moves to where the reference's
 * centre came to; its image, if it has one, stays as it is and is said to be off centre by as much.
 */
export function alignedParticle(
  particle: Particle,
  { rotation, shiftVoxels }: Pose,
  { voxelSizeAngstrom, centreAngstrom }: AlignedBox,
): Particle {
  const shiftAngstrom = scaled(shiftVoxels, voxelSizeAngstrom);
  const { imageOriginAngstrom: _, ...rest } = particle;
  const positionAngstrom = centreAngstrom ? plus(centreAngstrom, shiftAngstrom) : particle.positionAngstrom;
  const imageCentre =
    particle.positionAngstrom && plus(particle.positionAngstrom, particle.imageOriginAngstrom ?? ZERO);
  // A box that was cut out of the tomogram need not be centred where the particle's image is.
  const imageOriginAngstrom =
    imageCentre && positionAngstrom ? plus(imageCentre, positionAngstrom, -1) : scaled(shiftAngstrom, -1);
  return {
    ...rest,
    ...(positionAngstrom && { positionAngstrom }),
    orientation: rotation,
    ...(particle.imageName !== undefined && { imageOriginAngstrom }),
  };
}

const ZERO: Vector3 = { x: 0, y: 0, z: 0 };
