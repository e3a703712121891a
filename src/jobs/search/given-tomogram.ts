/** The one tomogram that the positions of lists refer to, opened to see what it is like. */
import { openTomogram, type StatedVoxelSize, type TomogramGrid } from "../../files/tomogram/index.js";
import { type Particle, tomogramFactColumns } from "../../io/index.js";
import type { Vector3, VoxelGrid } from "../../volume/index.js";
import type { ListContrast } from "./list-contrast.js";
import { tomogramSkewness } from "./skewness.js";

/** What is known of the tomogram before boxes are cut out of it. */
export interface GivenTomogram extends VoxelGrid {
  /** Where viewers put its first voxel, in Å; undefined for zero. */
  readonly originAngstrom: Vector3 | undefined;
  /** Who says how large its voxels are: "as the header says". */
  readonly voxelSizeSource: string;
  readonly warnings: readonly string[];
  /** To which side its grey values lean; see `tomogramSkewness`. */
  readonly skewness: number;
}

/**
 * @param network the voxel size that boxes of it are brought to.
 * @throws FileError, FormatError, ConfigError as opening does; AbortError.
 */
export async function measureGivenTomogram(
  path: string,
  network: { readonly voxelSizeAngstrom: number },
  listed: StatedVoxelSize | undefined,
  given: { readonly voxelSizeAngstrom?: number | undefined; readonly signal?: AbortSignal | undefined },
): Promise<GivenTomogram> {
  await using tomogram = await openTomogram(path, {
    ...{ voxelSizeAngstrom: given.voxelSizeAngstrom, listedVoxelSize: listed, isSpecimen: true },
  });
  const { shape, originAngstrom, voxelSizeAngstrom, voxelSizeSource, warnings } = tomogram;
  const skewness = await tomogramSkewness(tomogram, network.voxelSizeAngstrom, given.signal);
  return { shape, originAngstrom, voxelSizeAngstrom, voxelSizeSource, warnings, skewness };
}

/** What is known of it as columns of a list, so that the next verb takes it from there. */
export function givenTomogramColumns(
  { voxelSizeAngstrom }: Pick<GivenTomogram, "voxelSizeAngstrom">,
  { isDark }: Pick<ListContrast, "isDark">,
  particle: Particle,
): Record<string, string> {
  return tomogramFactColumns({ contrast: isDark(particle) ? "dark" : "bright", voxelSizeAngstrom });
}

/** The same of a tomogram on the grid that is searched. */
export function fileVoxelSizeText(grid: Pick<TomogramGrid, "fileVoxelSizeAngstrom" | "voxelSizeSource">): string {
  return voxelSizeText({ ...grid, voxelSizeAngstrom: grid.fileVoxelSizeAngstrom });
}

/** "10 Å, as the header says". */
export function voxelSizeText({
  voxelSizeAngstrom,
  voxelSizeSource,
}: Pick<GivenTomogram, "voxelSizeAngstrom" | "voxelSizeSource">): string {
  return `${Number(voxelSizeAngstrom.toFixed(3))} Å, ${voxelSizeSource}`;
}
