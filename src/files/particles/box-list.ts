/** The list whose boxes are read, and what must be true of it. */
import { FormatError } from "../../errors.js";
import { coordinatePixelSizes, type ParticleList, pairTomograms, reachOf } from "../../io/index.js";
import { fileExists } from "../disk/index.js";
import { openTomogram } from "../tomogram/index.js";
import type { ParticleBoxesOptions } from "./box-options.js";
import { readParticleListFile } from "./list-file.js";
import { listedVoxelSizeOf } from "./listed-voxel-size.js";
import type { OwnBoxes } from "./own-box.js";
import { createTomogramLocator } from "./tomograms-star.js";

type ListOptions = Pick<ParticleBoxesOptions, "fileVoxelSizeAngstrom" | "listedVoxelSize" | "tomogramPath">;

/**
 * The list as it will be written back: RELION 5's positions stay counted from the centre, and a list whose positions do not count
 * in pixels gets those of its tomogram, because RELION's older lists do.
 */
export async function readList(path: string, options: ListOptions): Promise<ParticleList> {
  const { tomogramPath: tomogram, fileVoxelSizeAngstrom: voxelSizeAngstrom } = options;
  const { list } = await readParticleListFile(path, {
    voxelSizeAngstrom,
    tomogramWhereNeeded: true,
    ...(tomogram !== undefined && {
      ...{ tomogram, tomogramVoxelSizeAngstrom: voxelSizeAngstrom },
      listedVoxelSize: options.listedVoxelSize,
    }),
  });
  const placed = list.particles.find(({ positionAngstrom }) => positionAngstrom !== undefined);
  if (!placed || list.origin === "tomogram-centre" || coordinatePixelSizes(list).length > 0) return list;
  const named = list.particles.find(({ tomogramName }) => tomogramName !== undefined)?.tomogramName;
  const first = tomogram ?? (named === undefined ? undefined : await createTomogramLocator(path)(named));
  if (first === undefined || !(await fileExists(first))) return list; // which the cutting of boxes will explain
  const listedVoxelSize = listedVoxelSizeOf(placed, { path, reachAngstrom: reachOf(list) }, options);
  await using opened = await openTomogram(first, { voxelSizeAngstrom, listedVoxelSize, isSpecimen: true });
  return { ...list, coordinatePixelSizeAngstrom: opened.voxelSizeAngstrom };
}

/** @throws FormatError for a list without particles, or one of several tomograms where one tomogram is given. */
export function checkList(
  list: ParticleList,
  path: string,
  { tomogramPath }: Pick<ParticleBoxesOptions, "tomogramPath">,
  own: Pick<OwnBoxes, "has">,
): void {
  if (list.particles.length === 0)
    throw new FormatError("the particle list is empty", path, { hint: "Give a list with at least one particle." });
  const tomograms = new Set(list.particles.map(({ tomogramName }) => tomogramName));
  const cuts = list.particles.some((particle) => !own.has(particle));
  if (tomogramPath && tomograms.size > 1 && cuts)
    throw new FormatError(`the particles are of ${tomograms.size} tomograms, and --tomogram is one`, path, {
      hint: "Give the particles of one tomogram, or let _rlnTomoName hold the paths of the tomograms.",
    });
}

/** What is to be said where a list names another tomogram than the one that is given; numbers say little. */
export function otherTomogram({ particles }: ParticleList, path: string, { tomogramPath }: ListOptions): string[] {
  const named = particles[0]?.tomogramName;
  if (tomogramPath === undefined || named === undefined || /^\d+$/.test(named)) return [];
  if (pairTomograms([named], [tomogramPath]).has(named)) return [];
  return [`${path} is of tomogram ${named}; its positions were taken to be in ${tomogramPath}`];
}
