import { basename } from "node:path";
import { ConfigError } from "../../errors.js";
import { eachSection, openTomogram, type StageProgress } from "../../files/tomogram/index.js";
import { pairTomograms } from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";

/** Soft masks count from here on; labels are 1 or more. */
const INSIDE = 0.5;

/** What says how large a mask's voxels are. */
interface MaskOptions extends StageProgress {
  /** Believed instead of the header's. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Taken where the header says none, or exactly 1 Å. */
  readonly fallbackVoxelSizeAngstrom?: number | undefined;
}

/**
 * Which positions are in a mask: in a voxel of value 0.5 or more. Positions beyond the volume are outside. The volume is read
 * section by section.
 * @throws ConfigError when the mask has no such voxel, or every position is beyond its volume; FileError, FormatError as reading.
 */
export async function insideMask(
  path: string,
  positionsAngstrom: readonly Vector3[],
  options: MaskOptions,
): Promise<boolean[]> {
  await using mask = await openTomogram(path, options);
  const { shape, voxelSizeAngstrom } = mask;
  const [nz, ny, nx] = shape;
  const bySection = new Map<number, [position: number, voxel: number][]>();
  for (const [i, position] of positionsAngstrom.entries()) {
    const [x, y, z] = [position.x, position.y, position.z].map((value) => Math.round(value / voxelSizeAngstrom));
    if (!(x! >= 0 && x! < nx && y! >= 0 && y! < ny && z! >= 0 && z! < nz)) continue;
    const there = bySection.get(z!);
    if (there) there.push([i, y! * nx + x!]);
    else bySection.set(z!, [[i, y! * nx + x!]]);
  }
  if (bySection.size === 0 && positionsAngstrom.length > 0)
    throw new ConfigError(
      `every particle is beyond the mask's ${nx} x ${ny} x ${nz} voxels of ${voxelSizeAngstrom} Å`,
      {
        where: path,
        hint: "Is it of another tomogram? If its voxel size is wrong, say it with --mask-voxel-size (Å).",
      },
    );
  const inside = positionsAngstrom.map(() => false);
  let isEmpty = true;
  await eachSection(
    mask,
    (section, z) => {
      isEmpty &&= !section.some((value) => value >= INSIDE);
      for (const [i, voxel] of bySection.get(z) ?? []) inside[i] = section[voxel]! >= INSIDE;
    },
    options,
  );
  if (isEmpty)
    throw new ConfigError(`no voxel of the mask is ${INSIDE} or more, so it admits nothing`, {
      where: path,
      hint: "`cosnet info` shows the range of its values.",
    });
  return inside;
}

/** The mask of each tomogram: the only one for the only one, else by name. @throws ConfigError when one has none. */
export function masksOfTomograms(paths: readonly string[], tomograms: readonly string[]): ReadonlyMap<string, string> {
  if (paths.length === 1 && tomograms.length === 1) return new Map([[tomograms[0]!, paths[0]!]]);
  const masks = pairTomograms(tomograms, paths);
  const missing = tomograms.find((tomogram) => !masks.has(tomogram));
  if (missing === undefined) return masks;
  throw new ConfigError(`none of the masks is of tomogram ${missing === "" ? "(without a name)" : missing}`, {
    hint: `Give one for each tomogram, with names that begin with the tomogram's; there are ${paths.map((path) => basename(path)).join(", ")}. --only-tomogram takes some tomograms of the list.`,
  });
}
