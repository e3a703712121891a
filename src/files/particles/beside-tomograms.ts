/** Lists that count in voxels, of tomograms whose voxels differ. */
import { CosnetError } from "../../errors.js";
import type { Particle, ParticleList } from "../../io/index.js";
import { openTomogram } from "../tomogram/index.js";

/** A list that was read beside one tomogram, and how it is read beside another. */
interface ReadBeside {
  readonly list: ParticleList;
  /** What its voxels are, where the user says it: the same in all tomograms. */
  readonly voxelSizeAngstrom: number | undefined;
  /** The tomogram beside which it was read. */
  readonly tomogramPath: string | undefined;
  readonly read: (tomogramPath: string) => Promise<ParticleList>;
}

/**
 * The particles of a list, each as it reads beside the tomogram that it is in: coordinates count in that one's voxels, where the list
 * does not state what they count in. Read again once for each size of tomogram and voxel that its headers state.
 * @param tomogramPaths of each particle; undefined leaves it as it is
 * @throws as `read` does.
 */
export async function besideTomograms(
  { list, voxelSizeAngstrom, tomogramPath: first, read }: ReadBeside,
  tomogramPaths: readonly (string | undefined)[],
): Promise<readonly Particle[]> {
  // In one tomogram, or voxels of one size, there is nothing to tell apart, and no header to open.
  if (voxelSizeAngstrom !== undefined || tomogramPaths.every((path) => path === undefined || path === first))
    return list.particles;
  const grids = new Map<string, string | undefined>();
  const gridOf = async (path: string | undefined): Promise<string | undefined> => {
    if (path === undefined) return undefined;
    if (!grids.has(path)) grids.set(path, await statedGrid(path));
    return grids.get(path);
  };
  const readings = new Map([[await gridOf(first), list]]);
  const particles: Particle[] = [];
  for (const [index, particle] of list.particles.entries()) {
    const path = tomogramPaths[index];
    const grid = await gridOf(path);
    if (path !== undefined && grid !== undefined && !readings.has(grid)) readings.set(grid, await read(path));
    particles.push(readings.get(grid)?.particles[index] ?? particle);
  }
  return particles;
}

/** Voxel size and size as the header states them; undefined where it cannot be read or states none, which whoever searches it says. */
async function statedGrid(path: string): Promise<string | undefined> {
  try {
    await using tomogram = await openTomogram(path, { isSpecimen: true });
    const { voxelSizeAngstrom, sizeAngstrom } = tomogram;
    return JSON.stringify([voxelSizeAngstrom, sizeAngstrom]);
  } catch (error) {
    if (error instanceof CosnetError) return undefined;
    throw error;
  }
}
