import { centreIndex, quaternionToMatrix, type Random, randomQuaternion } from "../../volume/index.js";
import type { Complex } from "../complexes/complex.js";
import { drawFrom, type ImagingOptions } from "./imaging.js";
import { beadsOf, collides, splat } from "./splat.js";

const TRIES = 8;

/**
 * Adds intruders around what `grid` holds already: a Poisson number of random complexes of the pool in random poses,
 * spread evenly over the box and as far around it as they reach, none overlapping another inside the box (tested by
 * their beads, so they nestle as closely as their shapes allow). Returns the number that found room.
 */
export function addNeighbours(
  random: Random,
  grid: Float32Array,
  pool: readonly Complex[],
  { boxSize, voxelSizeAngstrom, crowding }: ImagingOptions,
): number {
  if (pool.length === 0 || crowding === 0) return 0;
  const centre = centreIndex(boxSize);
  let placed = 0;
  for (let wanted = random.poisson(crowding * random.uniform(0, 2)); wanted > 0; wanted--) {
    const complex = random.pick(pool);
    const matrix = quaternionToMatrix(randomQuaternion(random), 1 / voxelSizeAngstrom);
    const half = boxSize / 2 + complex.radiusAngstrom / voxelSizeAngstrom;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const coordinate = () => centre + drawFrom(random, [-half, half]);
      const placement = { matrix, x: coordinate(), y: coordinate(), z: coordinate() };
      if (collides(grid, boxSize, complex, placement)) continue;
      splat(grid, [boxSize, boxSize, boxSize], beadsOf(complex), placement);
      placed++;
      break;
    }
  }
  return placed;
}
