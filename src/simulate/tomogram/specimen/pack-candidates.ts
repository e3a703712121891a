import type { Random } from "../../../volume/index.js";
import { CELL_VOXELS, type Occupancy } from "./pack-occupancy.js";

/** The chamfer distance may be 8 % short, and a cell's voxels lie up to its half diagonal nearer or farther. */
const DISTANCE_FACTOR = 1.08;
const DISTANCE_SLACK_VOXELS = 2 * Math.sqrt(3) + 2;

/** Positions worth trying. */
export interface Candidates {
  /** A voxel of the next position, x, y, z; undefined when every position has been tried often enough. */
  next(): [x: number, y: number, z: number] | undefined;
}

/**
 * The cells around which the free space holds a ball of `innerRadiusVoxels`, in random order, again and again, a random
 * voxel of each. A cell that has been given `tries` times is dropped: space only gets narrower, so the search ends
 * after `tries` visits of each cell, however many particles find room on the way.
 */
export function createCandidates(
  occupancy: Occupancy,
  innerRadiusVoxels: number,
  { random, tries }: { random: Random; tries: number },
): Candidates {
  const { cells, cellShape } = occupancy.freeDistances();
  const wide: number[] = [];
  for (let i = 0; i < cells.length; i++)
    if (DISTANCE_FACTOR * cells[i] + DISTANCE_SLACK_VOXELS >= innerRadiusVoxels) wide.push(i);
  const order = Int32Array.from(wide);
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  const [, cy, cx] = cellShape;
  let [at, round] = [0, 0];
  return {
    next() {
      if (at === order.length) [at, round] = [0, round + 1];
      if (round >= tries || order.length === 0) return undefined;
      const cell = order[at++];
      const x = cell % cx;
      const y = Math.floor(cell / cx) % cy;
      const z = Math.floor(cell / (cx * cy));
      const voxel = (index: number) => index * CELL_VOXELS + random.integer(CELL_VOXELS);
      return [voxel(x), voxel(y), voxel(z)];
    },
  };
}
