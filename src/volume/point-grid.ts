import type { Vector3 } from "./volume.js";

/** Points in cubic cells, so that the neighbours of a point are found without looking at all others. */
export interface PointGrid {
  /** Adds a point and returns its number: 0 for the first, then 1, 2, ... */
  readonly add: (position: Vector3, group?: number) => number;
  /**
   * Calls `visit` with each point of the group within the grid's reach of a position, in no particular order, until it
   * returns true. Returns whether it did.
   */
  readonly someNear: (
    position: Vector3,
    visit: (point: number, distance: number) => boolean,
    group?: number,
  ) => boolean;
}

/**
 * A grid whose cells are as large as the reach, held as chains of a hash table: memory goes with the points, however far apart
 * they are, and a query costs 27 cells. Groups (tomograms, classes) do not see each other.
 * @param reach largest distance between neighbours, in the points' unit; positive.
 */
export function createPointGrid(reach: number): PointGrid {
  const points: Vector3[] = [];
  const groups: number[] = [];
  /** The point that was added to the same chain before, -1 for none. */
  const previous: number[] = [];
  let newest = new Int32Array(1024).fill(-1);
  const cell = (value: number) => Math.floor(value / reach);
  const chain = (x: number, y: number, z: number, group: number) => {
    const mixed =
      Math.imul(x, 73856093) ^ Math.imul(y, 19349663) ^ Math.imul(z, 83492791) ^ Math.imul(group, 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & (newest.length - 1);
  };
  const link = (point: number) => {
    const { x, y, z } = points[point];
    const slot = chain(cell(x), cell(y), cell(z), groups[point]);
    previous[point] = newest[slot];
    newest[slot] = point;
  };
  const grow = () => {
    newest = new Int32Array(newest.length * 4).fill(-1);
    for (let point = 0; point < points.length; point++) link(point);
  };
  return {
    add(position, group = 0) {
      const point = points.length;
      points.push(position);
      groups.push(group);
      if (point >= newest.length) grow();
      else link(point);
      return point;
    },
    someNear(position, visit, group = 0) {
      const [cx, cy, cz] = [cell(position.x), cell(position.y), cell(position.z)];
      for (let z = cz - 1; z <= cz + 1; z++)
        for (let y = cy - 1; y <= cy + 1; y++)
          for (let x = cx - 1; x <= cx + 1; x++)
            for (let point: number = newest[chain(x, y, z, group)]; point >= 0; point = previous[point]) {
              const other = points[point];
              if (groups[point] !== group || cell(other.x) !== x || cell(other.y) !== y || cell(other.z) !== z)
                continue;
              const [dx, dy, dz] = [other.x - position.x, other.y - position.y, other.z - position.z];
              const distance = Math.sqrt(dx * dx + dy * dy + dz * dz); // several times faster than Math.hypot
              if (distance <= reach && visit(point, distance)) return true;
            }
      return false;
    },
  };
}
