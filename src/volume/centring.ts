import { centreIndex, createVolume, type Vector3, type Volume } from "./volume.js";

/**
 * Where the centre of mass of a map lies from its box centre, index floor(n / 2), in voxels. Only what is above `threshold`
 * counts, with as much as it is above; undefined where nothing is.
 */
export function centreOfMass({ data, shape }: Volume, threshold = 0): Vector3 | undefined {
  const [nz, ny, nx] = shape;
  let [mass, sumX, sumY, sumZ] = [0, 0, 0, 0];
  for (let z = 0, at = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, at++) {
        const above = data[at] - threshold;
        if (!(above > 0)) continue;
        mass += above;
        sumX += above * x;
        sumY += above * y;
        sumZ += above * z;
      }
  if (mass === 0) return undefined;
  return {
    x: sumX / mass - centreIndex(nx),
    y: sumY / mass - centreIndex(ny),
    z: sumZ / mass - centreIndex(nz),
  };
}

/**
 * The mirror image of a map: x reversed about the box centre, index floor(n / 2), which stays where it is. In an even box the
 * first plane has no counterpart and stays, too.
 */
export function mirrorHand({ data, shape, voxelSizeAngstrom }: Volume): Volume {
  const [nz, ny, nx] = shape;
  const mirrored = createVolume(shape, voxelSizeAngstrom);
  for (let row = 0; row < nz * ny; row++)
    for (let x = 0; x < nx; x++) mirrored.data[row * nx + x] = data[row * nx + ((2 * centreIndex(nx) - x + nx) % nx)];
  return mirrored;
}
