import { quaternionToMatrix, randomQuaternion } from "../../../volume/index.js";
import { CUBIC_ANGSTROM_PER_KILODALTON } from "../../complexes/complex.js";
import { type DrawStructure, randomCentre } from "./draw-structure.js";
import type { VesicleOptions } from "./specimen.js";

/**
 * Across a fluid phosphatidylcholine bilayer (Nagle and Tristram-Nagle 2000, Biochim. Biophys. Acta 1469, 159): two
 * head-group peaks 38 Å apart, between them hydrocarbon, lighter than water. As electrons above water, in units of
 * protein's (0.43 against 0.334 per cubic Ångström): heads about 1.2, chain ends -0.9.
 */
const HEAD_OFFSET_ANGSTROM = 19;
const HEAD = { height: 1.2, sigmaAngstrom: 4.5 } as const;
const CHAINS = { height: -0.9, sigmaAngstrom: 6 } as const;
/** What belongs to the membrane: from the mid-surface to the heads' outer rim. */
const HALF_THICKNESS_ANGSTROM = 26;

/** Density at a distance from the mid-surface as a fraction of protein's, averaged over voxels by widening the Gaussians. */
export function bilayerProfile(distanceAngstrom: number, voxelSizeAngstrom: number): number {
  const gaussian = (offset: number, { height, sigmaAngstrom }: { height: number; sigmaAngstrom: number }) => {
    const variance = sigmaAngstrom ** 2 + voxelSizeAngstrom ** 2 / 12;
    return height * (sigmaAngstrom / Math.sqrt(variance)) * Math.exp(-(offset ** 2) / (2 * variance));
  };
  return (
    gaussian(distanceAngstrom - HEAD_OFFSET_ANGSTROM, HEAD) +
    gaussian(distanceAngstrom + HEAD_OFFSET_ANGSTROM, HEAD) +
    gaussian(distanceAngstrom, CHAINS)
  );
}

/** Spherical or ellipsoidal vesicles in any orientation, wholly inside the volume. */
export function placeVesicles({ radiusAngstrom, elongation }: VesicleOptions): DrawStructure {
  return (random, { options, occupancy, density, label }) => {
    const { shape, voxelSizeAngstrom: voxel, marginVoxels } = options;
    const stretch = random.uniform(...elongation);
    // Two half axes at the ends of the stretch, one between; their geometric mean is the radius that was drawn.
    const axes = [1, stretch ** random.next(), stretch];
    const mean = Math.cbrt(axes[0] * axes[1] * axes[2]);
    const radius = random.uniform(...radiusAngstrom);
    const half = axes.map((axis) => (axis * radius) / mean / voxel) as [number, number, number];
    const thickness = HALF_THICKNESS_ANGSTROM / voxel;
    const reach = Math.ceil(Math.max(...half) + thickness) + 1;
    const centre = randomCentre(random, shape, reach);
    const inverse = quaternionToMatrix(randomQuaternion(random)); // any rotation's inverse is as random
    if (!centre) return undefined;
    const protein = voxel ** 3 / CUBIC_ANGSTROM_PER_KILODALTON;
    const shell: number[] = [];
    const reached: number[] = [];
    for (let z = -reach; z <= reach; z++)
      for (let y = -reach; y <= reach; y++)
        for (let x = -reach; x <= reach; x++) {
          const distance = ellipsoidDistance(half, [
            inverse[0] * x + inverse[1] * y + inverse[2] * z,
            inverse[3] * x + inverse[4] * y + inverse[5] * z,
            inverse[6] * x + inverse[7] * y + inverse[8] * z,
          ]);
          if (Math.abs(distance) > thickness + marginVoxels) continue;
          const [vx, vy, vz] = [centre[0] + x, centre[1] + y, centre[2] + z];
          if (occupancy.isTaken(vx, vy, vz)) return undefined;
          if (Math.abs(distance) > thickness) continue;
          shell.push(vx, vy, vz);
          reached.push(distance);
        }
    const [, ny, nx] = shape;
    for (let i = 0; i < reached.length; i++) {
      const [x, y, z] = [shell[3 * i], shell[3 * i + 1], shell[3 * i + 2]];
      label(x, y, z);
      density[(z * ny + y) * nx + x] += protein * bilayerProfile(reached[i] * voxel, voxel);
    }
    return {
      positionAngstrom: { x: centre[0] * voxel, y: centre[1] * voxel, z: centre[2] * voxel },
      sizeAngstrom: half.map((axis) => axis * voxel),
    };
  };
}

/**
 * Signed distance to an ellipsoid's surface to first order, |p/r| (|p/r| - 1) / |p/r^2|: exact for spheres, and near the
 * surface for all.
 */
export function ellipsoidDistance(
  [a, b, c]: readonly [number, number, number],
  [x, y, z]: readonly [number, number, number],
): number {
  const scaled = Math.hypot(x / a, y / b, z / c);
  const gradient = Math.hypot(x / a ** 2, y / b ** 2, z / c ** 2);
  return gradient === 0 ? -Math.min(a, b, c) : (scaled * (scaled - 1)) / gradient;
}
