import { ConfigError } from "../../errors.js";
import { centreIndex, type Shape3, type Vector3, type Volume } from "../../volume/index.js";
import { openMrc } from "./mrc/open.js";
import type { RandomAccessSource, VolumeReader } from "./random-access.js";

/** Where boxes are cut, and how large they are. */
export interface ReadMrcBoxesOptions {
  /** Centres, in Angstrom from the centre of voxel (0,0,0). */
  readonly positionsAngstrom: readonly Vector3[];
  /** Edge in voxels; the centre lands on index floor(boxSize / 2). */
  readonly boxSize: number;
  /** Overrides the header's voxel size. */
  readonly voxelSizeAngstrom?: number | undefined;
  readonly name?: string;
}

/** One box cut out of a larger file, at whole voxels. */
export interface MrcBox {
  /** Which of the given positions this is. */
  readonly index: number;
  readonly volume: Volume;
  /** Position minus the centre voxel the box was cut at: at most half a voxel along each axis. */
  readonly remainderAngstrom: Vector3;
  /** Part of the box, 0 to 1, that lies outside the file and was filled with the mean of the rest (0 if all of it). */
  readonly outsideFraction: number;
}

/**
 * Cuts cubic boxes out of an MRC file of any size, one at a time and in the order given. Each section of a box is one
 * read of its rows, so memory and disk traffic depend on the box, not on the tomogram.
 * @throws FormatError for a bad or truncated file; ConfigError when no voxel size is known or boxSize is not a positive integer.
 */
export async function* readMrcBoxes(source: RandomAccessSource, options: ReadMrcBoxesOptions): AsyncGenerator<MrcBox> {
  const { name = "MRC", boxSize } = options;
  if (!(Number.isInteger(boxSize) && boxSize > 0))
    throw new ConfigError(`the box size must be a positive whole number of voxels, got ${boxSize}`);
  const file = await openMrc(source, { name, voxelSizeAngstrom: options.voxelSizeAngstrom });
  const { voxelSizeAngstrom } = file;
  if (voxelSizeAngstrom === undefined)
    throw new ConfigError("the header states no usable voxel size", {
      where: name,
      hint: "Give the voxel size in Å (--voxel-size).",
    });
  for (const [index, position] of options.positionsAngstrom.entries()) {
    if (![position.x, position.y, position.z].every(Number.isFinite))
      throw new ConfigError(`position ${index + 1} is not a number: ${position.x}, ${position.y}, ${position.z}`);
    const { volume, centreVoxel, outsideFraction } = await readBox({ ...file, voxelSizeAngstrom }, position, boxSize);
    yield {
      index,
      volume,
      remainderAngstrom: {
        x: position.x - centreVoxel.x * voxelSizeAngstrom,
        y: position.y - centreVoxel.y * voxelSizeAngstrom,
        z: position.z - centreVoxel.z * voxelSizeAngstrom,
      },
      outsideFraction,
    };
  }
}

/**
 * The cube of `edge` voxels around the voxel that is nearest to a position, in Angstrom from the centre of voxel (0,0,0); the
 * mean of the rest (0 if there is none) where it lies outside of the volume.
 */
export async function readBox(
  { shape, voxelSizeAngstrom, read }: Pick<VolumeReader, "shape" | "read"> & { readonly voxelSizeAngstrom: number },
  { x, y, z }: Vector3,
  edge: number,
): Promise<{ readonly volume: Volume; readonly centreVoxel: Vector3; readonly outsideFraction: number }> {
  const { centre, corner, first, size } = boxRange({ shape, voxelSizeAngstrom }, { x, y, z }, edge);
  const inside = size.every((n) => n > 0) ? await read(first, size) : new Float32Array(0);
  const data = inside.length === edge ** 3 ? inside : filledUp(inside, size, { corner, first, edge });
  return {
    volume: { data, shape: [edge, edge, edge], voxelSizeAngstrom },
    centreVoxel: { x: centre[2], y: centre[1], z: centre[0] },
    outsideFraction: 1 - inside.length / edge ** 3,
  };
}

/** Part of the box around a position, 0 to 1, that lies outside of a volume. */
export function outsideFractionOf(
  volume: { readonly shape: Shape3; readonly voxelSizeAngstrom: number },
  positionAngstrom: Vector3,
  edge: number,
): number {
  return 1 - boxRange(volume, positionAngstrom, edge).size.reduce((product, length) => product * length, 1) / edge ** 3;
}

/** In voxels: the box's centre and corner, and what of it lies inside. */
function boxRange(
  { shape, voxelSizeAngstrom }: { readonly shape: Shape3; readonly voxelSizeAngstrom: number },
  { x, y, z }: Vector3,
  edge: number,
) {
  const centre = [z, y, x].map((value) => Math.round(value / voxelSizeAngstrom));
  const corner = centre.map((index) => index - centreIndex(edge));
  const first = corner.map((index) => Math.max(0, index)) as unknown as Shape3;
  const end = corner.map((index, axis) => Math.min(shape[axis], index + edge));
  const size = end.map((index, axis) => Math.max(0, index - first[axis])) as unknown as Shape3;
  return { centre, corner, first, size };
}

function filledUp(
  inside: Float32Array,
  [depth, height, width]: Shape3,
  { corner, first, edge }: { readonly corner: readonly number[]; readonly first: Shape3; readonly edge: number },
): Float32Array {
  const data = new Float32Array(edge ** 3);
  if (inside.length === 0) return data;
  data.fill(inside.reduce((sum, value) => sum + value, 0) / inside.length);
  const [z0, y0, x0] = first.map((index, axis) => index - corner[axis]);
  for (let z = 0; z < depth; z++)
    for (let y = 0; y < height; y++)
      data.set(
        inside.subarray((z * height + y) * width, (z * height + y + 1) * width),
        ((z0 + z) * edge + y0 + y) * edge + x0,
      );
  return data;
}
