import { createRegionReader, type GreyScale, type TomogramGrid } from "../../files/tomogram/index.js";
import { centreIndex, normaliseInPlace, type Vector3 } from "../../volume/index.js";

/** Reads the box of `edge` voxels whose centre voxel is the nearest to a position: scaled, protein positive, 0 beyond. */
export function createScaledBoxReader(grid: TomogramGrid, scale: GreyScale, edge: number) {
  const read = createRegionReader(grid, scale);
  const first = (at: number) => Math.round(at / grid.voxelSizeAngstrom) - centreIndex(edge);
  return ({ x, y, z }: Vector3): Promise<Float32Array> => read([first(z), first(y), first(x)], [edge, edge, edge]);
}

/** Reads the box around a position as the network takes it: zero mean, unit variance, protein positive. */
export function createBoxReader(grid: TomogramGrid, scale: GreyScale, edge: number) {
  const read = createScaledBoxReader(grid, scale, edge);
  return async (position: Vector3): Promise<Float32Array> => {
    const box = await read(position);
    normaliseInPlace(box);
    return box;
  };
}
