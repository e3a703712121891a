/** To which side the grey values of a tomogram lean, which shows whether protein is dark. */
import { throwIfAborted } from "../../errors.js";
import type { Tomogram } from "../../files/tomogram/index.js";
import { blurredSkewness } from "../../infer/index.js";
import type { Shape3 } from "../../volume/index.js";

const PIECES = 8;
const PIECE_EDGE = 64;
/** Longest edge of a piece in the file's voxels: 64 MB. */
const LARGEST_READING = 256;

/**
 * Median of the blurred skewness of pieces spread over the middle of a tomogram, so that gold or carbon in a few of them does
 * not count: positive where protein is bright. Pieces are binned to voxels of about `voxelSizeAngstrom`.
 * @throws FileError, FormatError as reading does; AbortError.
 */
export async function tomogramSkewness(
  tomogram: Pick<Tomogram, "shape" | "read" | "voxelSizeAngstrom">,
  voxelSizeAngstrom: number,
  signal?: AbortSignal | undefined,
): Promise<number> {
  const { shape } = tomogram;
  const shortest = Math.min(...shape);
  const bin = Math.max(1, Math.min(shortest, Math.round(voxelSizeAngstrom / tomogram.voxelSizeAngstrom)));
  const edge = Math.max(1, Math.floor(Math.min(bin * PIECE_EDGE, LARGEST_READING, shortest) / bin));
  const [nz, ny, nx] = shape;
  const at = (fraction: number, length: number) => Math.round(fraction * (length - edge * bin));
  const found: number[] = [];
  for (let i = 0; i < PIECES; i++) {
    throwIfAborted(signal);
    const corner: Shape3 = [at(0.5, nz), at((Math.floor(i / 4) + 0.5) / 2, ny), at(((i % 4) + 0.5) / 4, nx)];
    const piece = await tomogram.read(corner, [edge * bin, edge * bin, edge * bin]);
    found.push(blurredSkewness(binned(piece, edge, bin), [edge, edge, edge]));
  }
  found.sort((a, b) => a - b);
  return (found[PIECES / 2 - 1]! + found[PIECES / 2]!) / 2;
}

/** Sums of cubes of `bin` voxels. */
function binned(piece: Float32Array, edge: number, bin: number): Float32Array {
  if (bin === 1) return piece;
  const sums = new Float32Array(edge ** 3);
  const length = edge * bin;
  for (let z = 0, i = 0; z < length; z++)
    for (let y = 0; y < length; y++)
      for (let x = 0; x < length; x++, i++)
        sums[(Math.floor(z / bin) * edge + Math.floor(y / bin)) * edge + Math.floor(x / bin)]! += piece[i]!;
  return sums;
}
