import { type DrawStructure, randomCentre } from "./draw-structure.js";
import type { GoldOptions } from "./specimen.js";

/** Gold has 19.3 g/cm3, protein 1.37: 11.6 kDa in a cubic nanometre. */
const KILODALTON_PER_CUBIC_ANGSTROM = 0.01162;

/**
 * Fiducial beads of one size: spheres of gold's mass density, 14 times that of protein, with voxels at the rim filled in
 * part. Real beads scatter even more strongly than their mass suggests; here they are weak phase objects.
 */
export function placeGold({ diameterAngstrom }: GoldOptions): DrawStructure {
  return (random, { options, occupancy, density, label }) => {
    const { shape, voxelSizeAngstrom: voxel, marginVoxels } = options;
    const radius = diameterAngstrom / 2 / voxel;
    const reach = Math.ceil(radius) + 1 + marginVoxels;
    const centre = randomCentre(random, shape, reach);
    if (!centre) return undefined;
    const [, ny, nx] = shape;
    for (let z = -reach; z <= reach; z++)
      for (let y = -reach; y <= reach; y++)
        for (let x = -reach; x <= reach; x++)
          if (
            Math.hypot(x, y, z) <= radius + 0.5 + marginVoxels &&
            occupancy.isTaken(centre[0] + x, centre[1] + y, centre[2] + z)
          )
            return undefined;
    for (let z = -reach; z <= reach; z++)
      for (let y = -reach; y <= reach; y++)
        for (let x = -reach; x <= reach; x++) {
          const filled = Math.min(1, radius - Math.hypot(x, y, z) + 0.5);
          if (filled <= 0) continue;
          const [vx, vy, vz] = [centre[0] + x, centre[1] + y, centre[2] + z];
          label(vx, vy, vz);
          density[(vz * ny + vy) * nx + vx] += filled * voxel ** 3 * KILODALTON_PER_CUBIC_ANGSTROM;
        }
    return {
      positionAngstrom: { x: centre[0] * voxel, y: centre[1] * voxel, z: centre[2] * voxel },
      sizeAngstrom: new Array(3).fill(diameterAngstrom / 2),
    };
  };
}
