/** Where particles must be: in a region or mask, away from the border and from each other. */
import { ConfigError } from "../../errors.js";
import { coordinatePixelSizes, positionsFromFirstVoxel, tomogramNameOf } from "../../io/index.js";
import { stoppable } from "../../progress.js";
import type { Vector3 } from "../../volume/index.js";
import { type Criterion, each, type FilterContext } from "./criterion.js";
import { insideMask, masksOfTomograms } from "./mask.js";
import type { Region } from "./options.js";
import { bestFirst, groupsOf, spacedRows } from "./spacing.js";

/** The region asked for, in Å. @throws ConfigError when it is in voxels of unknown size. */
export function regionOf({ list, placement, options }: FilterContext): Region | undefined {
  if (options.regionAngstrom || !options.regionVoxels) return options.regionAngstrom;
  const [stated, ...others] = coordinatePixelSizes(list);
  const listed = others.length > 0 ? undefined : (stated ?? list.voxelSizeAngstrom);
  const voxel = placement.tomogramVoxelSizeAngstrom ?? placement.voxelSizeAngstrom ?? listed;
  if (voxel === undefined)
    throw new ConfigError("the region is in voxels, and the tomogram's voxel size is not known, or not one for all", {
      hint: "Give the tomogram (--tomogram) or its voxel size in Å (--voxel-size), or the region in Å (--region-angstrom).",
    });
  const [from, to] = options.regionVoxels.map(({ x, y, z }) => ({ x: x * voxel, y: y * voxel, z: z * voxel }));
  return [from!, to!];
}

/** Inside a box, or outside of it. */
export function inRegion({ list, placement, options }: FilterContext, [from, to]: Region): Criterion {
  const positions = positionsFromFirstVoxel(list, placement);
  const isInside = (at: Vector3) =>
    AXES.every((axis) => at[axis] >= Math.min(from[axis], to[axis]) && at[axis] <= Math.max(from[axis], to[axis]));
  const wanted = options.outside !== true;
  return each(`${wanted ? "outside" : "inside"} the region`, (row) => isInside(positions[row]!) === wanted);
}

const AXES = ["x", "y", "z"] as const;

/** Inside the masks of their tomograms, or outside of them. */
export function inMasks({ list, placement, options }: FilterContext, paths: readonly string[]): Criterion {
  const positions = positionsFromFirstVoxel(list, placement);
  const wanted = options.outside !== true;
  const sizes = {
    voxelSizeAngstrom: options.maskVoxelSizeAngstrom,
    fallbackVoxelSizeAngstrom: placement.tomogramVoxelSizeAngstrom ?? list.coordinatePixelSizeAngstrom,
  };
  return {
    what: `${wanted ? "outside" : "inside"} the mask`,
    async keep(rows) {
      const ofTomogram = new Map<string, number[]>();
      for (const row of rows) {
        const name = list.particles[row]!.tomogramName ?? "";
        const own = ofTomogram.get(name);
        if (own) own.push(row);
        else ofTomogram.set(name, [row]);
      }
      const kept = new Set<number>();
      for (const [tomogram, path] of masksOfTomograms(paths, [...ofTomogram.keys()])) {
        const own = ofTomogram.get(tomogram)!;
        const inside = await insideMask(
          path,
          own.map((row) => positions[row]!),
          { ...options, ...sizes, stage: "reading the mask" },
        );
        for (const [i, row] of own.entries()) if (inside[i] === wanted) kept.add(row);
      }
      return rows.filter((row) => kept.has(row));
    },
  };
}

/** Away from every face of their tomogram. */
export function awayFromBorder({ list, placement }: FilterContext, least: number): Criterion {
  const positions = positionsFromFirstVoxel(list, placement);
  return each(`within ${least} Å of the border`, (row) => {
    const { tomogramName } = list.particles[row]!;
    const sizes = placement.tomogramSizesAngstrom;
    const own = sizes?.get(tomogramName ?? "") ?? sizes?.get(tomogramNameOf(tomogramName ?? ""));
    const size = own ?? placement.tomogramSizeAngstrom;
    if (!size)
      throw new ConfigError(`where tomogram ${tomogramName ?? "(without a name)"} ends is not known`, {
        hint: "Give the tomogram (--tomogram), its size (--size x,y,z with --voxel-size), or RELION's tomograms.star (--tomograms).",
      });
    const at = positions[row]!;
    return AXES.every((axis) => at[axis] >= least && at[axis] <= size[axis] - least);
  });
}

/** Not too near to a better one in the same tomogram. */
export function apart({ list, scores, options }: FilterContext, distanceAngstrom: number): Criterion {
  const groups = groupsOf(list.particles, { withinClass: options.withinClass === true });
  const positions = list.particles.map(({ positionAngstrom }, row) => {
    if (positionAngstrom) return positionAngstrom;
    throw new ConfigError(`particle ${row + 1} has no position`, { hint: "Distances need a list with coordinates." });
  });
  return {
    what: `within ${distanceAngstrom} Å of ${scores.some((score) => score !== undefined) ? "a better" : "an earlier"} one`,
    keep: (rows) =>
      stoppable(
        spacedRows(bestFirst(rows, scores), positions, { distanceAngstrom, groupOf: (row) => groups[row]! }),
        options.signal,
      ),
  };
}
