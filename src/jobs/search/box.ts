import {
  createRegionReader,
  createSweepReader,
  type GreyScale,
  type TomogramGrid,
} from "../../files/tomogram/index.js";
import { centreIndex, normaliseInPlace, type Vector3 } from "../../volume/index.js";

export interface BoxReading {
  /** How many boxes are to be read, in the order of `byDepth`, when there are many. */
  readonly inOrder?: number | undefined;
}

/** From this many boxes on it is quicker to read every section once. */
const MANY_BOXES = 64;
/** Bytes of the sections that are in memory then. */
const MOST_BYTES = 2 ** 27;

/** Reads the box of `edge` voxels whose centre voxel is the nearest to a position: scaled, protein positive, 0 beyond. */
export function createScaledBoxReader(
  grid: TomogramGrid,
  scale: GreyScale,
  edge: number,
  { inOrder = 0 }: BoxReading = {},
) {
  const [, ny, nx] = grid.shape;
  const isSweep = inOrder >= MANY_BOXES && 4 * edge * ny * nx <= MOST_BYTES;
  const read = isSweep ? createSweepReader(grid, scale) : createRegionReader(grid, scale);
  return (position: Vector3): Promise<Float32Array> => {
    const [z, y, x] = nearestVoxel(position, grid).map((at) => at - centreIndex(edge)) as [number, number, number];
    return read([z, y, x], [edge, edge, edge]);
  };
}

/** `[z, y, x]` */
export function nearestVoxel(
  { x, y, z }: Vector3,
  { voxelSizeAngstrom }: Pick<TomogramGrid, "voxelSizeAngstrom">,
): [number, number, number] {
  const nearest = (at: number) => Math.round(at / voxelSizeAngstrom);
  return [nearest(z), nearest(y), nearest(x)];
}

/** Reads the box around a position as the network takes it: zero mean, unit variance, protein positive. */
export function createBoxReader(grid: TomogramGrid, scale: GreyScale, edge: number, reading?: BoxReading) {
  const read = createScaledBoxReader(grid, scale, edge, reading);
  return async (position: Vector3): Promise<Float32Array> => {
    const box = await read(position);
    normaliseInPlace(box);
    return box;
  };
}

/** The positions by their numbers, in the order in which their boxes are read most quickly. */
export function byDepth(positions: readonly Vector3[]): number[] {
  return [...positions.keys()].sort((a, b) => positions[a]!.z - positions[b]!.z || a - b);
}
