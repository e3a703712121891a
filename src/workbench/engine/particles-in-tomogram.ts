/** Which particles of a list, or of a copick project, lie in a tomogram. */
import { ConfigError } from "../../errors.js";
import { readParticleListFile } from "../../files/particles/index.js";
import { isSameTomogram, type Particle, positionsFromFirstVoxel } from "../../io/index.js";
import type { VoxelPosition } from "../protocol/index.js";
import type { RunTomogram } from "./runs/example-lists.js";

export interface PlacedParticle {
  readonly particle: Particle;
  readonly position: VoxelPosition;
}

/**
 * Those that name the tomogram, a number or none.
 * @throws ConfigError where there is none, or one lies outside; FileError, FormatError.
 */
export async function particlesInTomogram(path: string, tomogram: RunTomogram): Promise<PlacedParticle[]> {
  const { takenVoxelSizeAngstrom: voxel, name } = tomogram;
  const [nz, ny, nx] = tomogram.shape;
  const tomogramSizeAngstrom = { x: nx * voxel, y: ny * voxel, z: nz * voxel };
  const { list } = await readParticleListFile(path, {
    ...{ tomogram: tomogram.path, tomogramVoxelSizeAngstrom: voxel, tomogramWhereNeeded: true },
  });
  const isHere = (named: string | undefined) =>
    named === undefined || /^\d+$/.test(named) || isSameTomogram(named, name);
  const particles = list.particles.filter(({ tomogramName }) => isHere(tomogramName));
  if (particles.length === 0)
    throw new ConfigError(`none of its ${list.particles.length} particles is in ${name}`, { where: path });
  const positions = positionsFromFirstVoxel({ ...list, particles }, { tomogramSizeAngstrom });
  return particles.map((particle, i) => {
    const { x, y, z } = positions[i]!;
    const position = { x: x / voxel, y: y / voxel, z: z / voxel };
    const beyond = Math.max(position.x - nx, position.y - ny, position.z - nz);
    if (Math.min(position.x, position.y, position.z) < 0 || beyond > 0)
      throw new ConfigError(`particle ${i + 1} lies outside of ${name}`, {
        where: path,
        hint: "Check what its coordinates count in, and the tomogram's voxel size.",
      });
    return { particle, position };
  });
}
