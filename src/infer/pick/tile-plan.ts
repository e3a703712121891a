import { ConfigError } from "../../errors.js";
import { type Shape3, voxelCount } from "../../volume/index.js";

/** A block that goes through the detector, and the part of it whose answer counts. Indices are `[z, y, x]` grid voxels. */
export interface Tile {
  readonly index: number;
  /** Voxels of the block along each axis: the same for all tiles of a plan. */
  readonly shape: Shape3;
  /** First voxel of the block; negative where it reaches beyond the grid. */
  readonly corner: Shape3;
  /** First voxel and end (exclusive) of the part that counts, within the grid. */
  readonly first: Shape3;
  readonly end: Shape3;
}

export interface TileGeometry {
  /** Edge in voxels of the cube that can always be searched. */
  readonly edge: number;
  /** Up to this far from a block's faces the answer depends on what lies beyond. */
  readonly haloVoxels: number;
  /** Blocks begin a multiple of this apart, so that strided layers see every voxel in the same phase. */
  readonly strideVoxels: number;
  /** Blocks that are no cubes can be searched, too, whose edges are multiples of the stride and that hold at most this many voxels. */
  readonly mostVoxels?: number | undefined;
  /** How far such blocks reach beyond the faces of the grid, where there is nothing: less than the halo. */
  readonly faceHaloVoxels?: number | undefined;
}

/**
 * Blocks whose inner parts cover the grid without gap or overlap, z slowest; of such a shape that as few voxels as possible are
 * searched twice. As every inner part keeps the halo's distance from its block's faces and all blocks are in phase, the
 * answers are those of one pass over the whole grid.
 * @throws ConfigError when halo and stride leave no inner part.
 */
export function planTiles(grid: Shape3, geometry: TileGeometry): Tile[] {
  const fitted = fittingShape(grid, geometry);
  const shape = fitted ?? ([geometry.edge, geometry.edge, geometry.edge] as const);
  const halos = fitted ? geometry : { ...geometry, faceHaloVoxels: geometry.haloVoxels };
  const [alongZ, alongY, alongX] = grid.map((length, axis) => partsOf(length, shape[axis], halos)) as [
    Part[],
    Part[],
    Part[],
  ];
  const tiles = alongZ.flatMap((z) =>
    alongY.flatMap((y) =>
      alongX.map((x) => ({
        corner: [z.corner, y.corner, x.corner] as const,
        first: [z.first, y.first, x.first] as const,
        end: [z.end, y.end, x.end] as const,
      })),
    ),
  );
  if (tiles.length === 0) throw new ConfigError(`a tomogram of [${grid.join(", ")}] voxels has nothing to search`);
  return tiles.map((tile, index) => ({ index, shape, ...tile }));
}

/** What a tile is along one axis. */
interface Part {
  readonly corner: number;
  readonly first: number;
  readonly end: number;
}

type Halos = Pick<TileGeometry, "haloVoxels" | "strideVoxels" | "faceHaloVoxels">;

/** Blocks of `edge` voxels over `length`, the first and the last as far beyond its ends as they have to be. */
function partsOf(length: number, edge: number, { haloVoxels: halo, strideVoxels: stride, ...rest }: Halos): Part[] {
  const { faceHaloVoxels: faceHalo = halo } = rest;
  const parts: Part[] = [];
  for (let [first, corner] = [0, -faceHalo]; first < length; ) {
    const inner = Math.floor((corner + edge - halo - first) / stride) * stride;
    const isLast = corner + edge - faceHalo >= length;
    if (!isLast && !(inner > 0))
      throw new ConfigError(`tiles of ${edge} voxels with a halo of ${halo} have no inside`, {
        hint: "The detector's description is wrong: its edge must exceed twice its halo.",
      });
    const end = isLast ? length : first + inner;
    parts.push({ corner, first, end });
    [first, corner] = [end, end - halo];
  }
  return parts;
}

/** The block by which fewest voxels are searched in all, of those that may be; undefined where only cubes may. */
function fittingShape(grid: Shape3, geometry: TileGeometry): Shape3 | undefined {
  const { mostVoxels, haloVoxels: halo, strideVoxels: stride, faceHaloVoxels: faceHalo = halo } = geometry;
  if (mostVoxels === undefined) return undefined;
  const choices = grid.map((length) =>
    Array.from({ length: Math.ceil(length / stride) }, (_, i) => {
      const searched = length + 2 * faceHalo + 2 * halo * i;
      const edge = stride * Math.ceil(searched / (i + 1) / stride);
      return { edge, voxels: edge * (i + 1) };
    }).filter(({ edge }, i) => i === 0 || edge >= 2 * halo + stride),
  ) as [Choice[], Choice[], Choice[]];
  let [best, least] = [undefined as Shape3 | undefined, Number.POSITIVE_INFINITY];
  for (const z of choices[0])
    for (const y of choices[1])
      for (const x of choices[2]) {
        const shape = [z.edge, y.edge, x.edge] as const;
        const voxels = z.voxels * y.voxels * x.voxels;
        if (voxels < least && voxelCount(shape) <= mostVoxels) [best, least] = [shape, voxels];
      }
  return best;
}

/** Blocks of an edge along an axis. */
interface Choice {
  readonly edge: number;
  /** How many voxels they have together. */
  readonly voxels: number;
}
