import type { Shape3, Vector3 } from "../../volume/index.js";
import type { Tile } from "./tile-plan.js";

/** A position that may be a particle's centre. */
export interface Peak {
  /** Grid voxels from the centre of the first voxel, with fractions. */
  readonly positionVoxels: Vector3;
  /** The score of the detector, 0 to 1. */
  readonly score: number;
  /** Radius of the sphere of the particle's volume, in voxels. */
  readonly radiusVoxels: number;
}

/** What a detector says of a tile: values at cells of `cellVoxels`^3 voxels, `[z, y, x]`. */
export interface TileAnswer {
  readonly centre: Float32Array;
  readonly radiusVoxels: Float32Array;
  /** What the detector sees around cells of `featureCellVoxels`^3 voxels, `[channels, z, y, x]`, if it says. */
  readonly features?: Float32Array | undefined;
}

/** Cells between which a peak is refined must not be zero, or its logarithm has no parabola. */
const LEAST = 1e-4;

/**
 * The local maxima of the centre probability among their 26 neighbours, in the part of the tile that counts, at least
 * `minimumScore` high. Positions are refined to fractions of a cell by a parabola through the logarithms of the three
 * values along each axis, which is exact for the Gaussian that the detector learns to draw.
 */
export function tilePeaks(
  answer: TileAnswer,
  tile: Tile,
  { cellVoxels, minimumScore }: { readonly cellVoxels: number; readonly minimumScore: number },
): Peak[] {
  const { centre, radiusVoxels } = answer;
  const cells = tile.shape.map((length) => length / cellVoxels) as unknown as Shape3;
  const [, ny, nx] = cells;
  const strides = [ny * nx, nx, 1] as const;
  const from = tile.first.map((first, axis) => Math.ceil((first - tile.corner[axis]) / cellVoxels));
  const to = tile.end.map((end, axis) => Math.ceil((end - tile.corner[axis]) / cellVoxels));
  const peaks: Peak[] = [];
  for (let z = from[0]; z < to[0]; z++)
    for (let y = from[1]; y < to[1]; y++)
      for (let x = from[2]; x < to[2]; x++) {
        const at = (z * ny + y) * nx + x;
        const score = centre[at];
        if (!(score >= minimumScore) || !isHighest(centre, cells, [z, y, x])) continue;
        const [dz, dy, dx] = [z, y, x].map((cell, axis) => {
          if (cell === 0 || cell === cells[axis] - 1) return 0;
          return vertex(centre[at - strides[axis]], score, centre[at + strides[axis]]);
        }) as [number, number, number];
        const voxelOf = (cell: number, axis: 0 | 1 | 2) => tile.corner[axis] + cellVoxels * cell + (cellVoxels - 1) / 2;
        peaks.push({
          positionVoxels: { x: voxelOf(x + dx, 2), y: voxelOf(y + dy, 1), z: voxelOf(z + dz, 0) },
          score,
          radiusVoxels: radiusVoxels[at],
        });
      }
  return peaks;
}

/** Equal neighbours: the first in memory is the maximum, so that a plateau has one and not none. */
function isHighest(values: Float32Array, [nz, ny, nx]: Shape3, [z, y, x]: Shape3): boolean {
  const at = (z * ny + y) * nx + x;
  const value = values[at];
  for (let k = Math.max(0, z - 1); k <= Math.min(nz - 1, z + 1); k++)
    for (let j = Math.max(0, y - 1); j <= Math.min(ny - 1, y + 1); j++)
      for (let i = Math.max(0, x - 1); i <= Math.min(nx - 1, x + 1); i++) {
        const other = (k * ny + j) * nx + i;
        if (values[other] > value || (values[other] === value && other < at)) return false;
      }
  return true;
}

/** Where the parabola through the logarithms at -1, 0 and 1 is highest. */
function vertex(before: number, here: number, after: number): number {
  const [a, b, c] = [before, here, after].map((value) => Math.log(Math.max(LEAST, value))) as [number, number, number];
  const curvature = a - 2 * b + c;
  return curvature < 0 ? Math.max(-0.5, Math.min(0.5, (0.5 * (a - c)) / curvature)) : 0;
}
