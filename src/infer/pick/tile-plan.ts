import { ConfigError } from "../../errors.js";
import type { Shape3 } from "../../volume/index.js";

/** A cube that goes through the detector, and the part of it whose answer counts. Indices are `[z, y, x]` grid voxels. */
export interface Tile {
  readonly index: number;
  /** First voxel of the cube; negative where it reaches beyond the grid. */
  readonly corner: Shape3;
  /** First voxel and end (exclusive) of the part that counts, within the grid. */
  readonly first: Shape3;
  readonly end: Shape3;
}

export interface TileGeometry {
  /** Edge of the cube in voxels. */
  readonly edge: number;
  /** Up to this far from the cube's faces the answer depends on what lies beyond. */
  readonly haloVoxels: number;
  /** Cubes begin a multiple of this apart, so that strided layers see every voxel in the same phase. */
  readonly strideVoxels: number;
}

/**
 * Cubes whose inner parts cover the grid without gap or overlap, z slowest. As every inner part keeps the halo's distance
 * from its cube's faces and all cubes are in phase, the answers are those of one pass over the whole grid.
 * @throws ConfigError when halo and stride leave no inner part.
 */
export function planTiles(shape: Shape3, geometry: TileGeometry): Tile[] {
  const { haloVoxels } = geometry;
  const inner = innerEdge(geometry);
  const counts = shape.map((length) => Math.ceil(length / inner));
  const tiles: Tile[] = [];
  for (let z = 0; z < counts[0]; z++)
    for (let y = 0; y < counts[1]; y++)
      for (let x = 0; x < counts[2]; x++) {
        const first = [z * inner, y * inner, x * inner] as const;
        tiles.push({
          index: tiles.length,
          corner: [first[0] - haloVoxels, first[1] - haloVoxels, first[2] - haloVoxels],
          first,
          end: [
            Math.min(shape[0], first[0] + inner),
            Math.min(shape[1], first[1] + inner),
            Math.min(shape[2], first[2] + inner),
          ],
        });
      }
  if (tiles.length === 0) throw new ConfigError(`a tomogram of [${shape.join(", ")}] voxels has nothing to search`);
  return tiles;
}

/** Edge of the part of each cube that counts. @throws ConfigError when nothing is left. */
export function innerEdge({ edge, haloVoxels, strideVoxels }: TileGeometry): number {
  const inner = Math.floor((edge - 2 * haloVoxels) / strideVoxels) * strideVoxels;
  if (!(inner > 0 && Number.isInteger(inner)))
    throw new ConfigError(`tiles of ${edge} voxels with a halo of ${haloVoxels} have no inside`, {
      hint: "The detector's description is wrong: its edge must exceed twice its halo.",
    });
  return inner;
}
