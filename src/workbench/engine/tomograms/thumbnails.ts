/** Small sections through positions, for galleries and cards. */
import { ConfigError } from "../../../errors.js";
import type { Tomogram } from "../../../files/tomogram/index.js";
import { breathe } from "../../../progress.js";
import { centreIndex, type Shape3 } from "../../../volume/index.js";
import type { ThumbnailRequest, Thumbnails, VoxelPosition } from "../../protocol/index.js";

const MOST_POSITIONS = 1000;
const LONGEST_EDGE_VOXELS = 256;

/** @throws ConfigError for a request that asks for too much; FileError, FormatError. */
export async function readThumbnails(
  tomogram: Tomogram,
  { positions, edgeVoxels: edge, thicknessVoxels = 1 }: ThumbnailRequest,
): Promise<Thumbnails> {
  if (!(positions.length <= MOST_POSITIONS))
    throw new ConfigError(`pictures of ${positions.length} positions at once are too many`, {
      hint: `Ask for up to ${MOST_POSITIONS}.`,
    });
  if (!(Number.isInteger(edge) && edge >= 1 && edge <= LONGEST_EDGE_VOXELS))
    throw new ConfigError(`pictures of ${edge} voxels are impossible`, { hint: `Take 1 to ${LONGEST_EDGE_VOXELS}.` });
  if (!(Number.isInteger(thicknessVoxels) && thicknessVoxels >= 1 && thicknessVoxels <= edge))
    throw new ConfigError(`a mean of ${thicknessVoxels} sections is impossible`, { hint: `Take 1 to ${edge}.` });
  const planeLength = edge * edge;
  const values = new Float32Array(positions.length * 3 * planeLength).fill(Number.NaN);
  for (const [i, position] of positions.entries()) {
    const cube = await readCube(tomogram, position, edge);
    for (const [axis, strides] of STRIDES.entries())
      meanAcross(cube, edge, {
        strides: strides(edge),
        thickness: thicknessVoxels,
        into: values.subarray((3 * i + axis) * planeLength, (3 * i + axis + 1) * planeLength),
      });
    if (i % 8 === 7) await breathe(undefined);
  }
  return { edgeVoxels: edge, values };
}

interface Strides {
  readonly across: number;
  readonly row: number;
  readonly column: number;
}

/** Across z, y and x: how far the next plane, row and column are in a cube. */
const STRIDES: readonly ((edge: number) => Strides)[] = [
  (edge) => ({ across: edge * edge, row: edge, column: 1 }),
  (edge) => ({ across: edge, row: edge * edge, column: 1 }),
  (edge) => ({ across: 1, row: edge * edge, column: edge }),
];

interface Slab {
  readonly strides: Strides;
  readonly thickness: number;
  readonly into: Float32Array;
}

/** The mean of the planes around the middle one; of the voxels that there are. */
function meanAcross(cube: Float32Array, edge: number, { strides, thickness, into }: Slab): void {
  const first = Math.max(0, centreIndex(edge) - Math.floor((thickness - 1) / 2));
  const end = Math.min(edge, centreIndex(edge) + Math.floor(thickness / 2) + 1);
  for (let row = 0; row < edge; row++)
    for (let column = 0; column < edge; column++) {
      const at = row * strides.row + column * strides.column;
      let sum = 0;
      let count = 0;
      for (let plane = first; plane < end; plane++) {
        const value = cube[at + plane * strides.across]!;
        if (Number.isNaN(value)) continue;
        sum += value;
        count++;
      }
      into[row * edge + column] = count > 0 ? sum / count : Number.NaN;
    }
}

/** The cube whose voxel at half of its edge is the nearest to a position; NaN outside of the tomogram. */
async function readCube({ shape, read }: Tomogram, { x, y, z }: VoxelPosition, edge: number): Promise<Float32Array> {
  const cube = new Float32Array(edge ** 3).fill(Number.NaN);
  const corner = [z, y, x].map((at) => Math.round(at) - centreIndex(edge));
  const first = corner.map((at) => Math.max(0, at));
  const size = corner.map((at, axis) => Math.min(shape[axis]!, at + edge) - first[axis]!);
  if (!size.every((length) => length > 0)) return cube;
  const [depth, height, width] = size as unknown as Shape3;
  const block = await read(first as unknown as Shape3, [depth, height, width]);
  const [dz, dy, dx] = corner.map((at, axis) => first[axis]! - at) as unknown as Shape3;
  for (let k = 0; k < depth; k++)
    for (let j = 0; j < height; j++) {
      const row = block.subarray((k * height + j) * width, (k * height + j + 1) * width);
      cube.set(row, ((k + dz) * edge + j + dy) * edge + dx);
    }
  return cube;
}
