import { BOXES_TOGETHER, type Embedder, type EmbedOptions } from "../embedder.js";

/** Which axes, z, y and x, the 180° rotations about x, y and z reverse. They leave a missing wedge as it is. */
const REVERSALS = [
  [true, true, false],
  [true, false, true],
  [false, true, true],
] as const;

/**
 * The mean of the masks that a network gives of each box as it is and rotated by 180° about x, y and z, rotated back: a better start
 * for refinement than one mask, because part of a mask's error depends on how the particle lies on the network's grid of 2x2x2
 * cells and in its memory. The rotations are about the box centre, voxel floor(n / 2), and so move a particle by a voxel against
 * those cells; the first voxel of each axis stays, wrapped around. Three times the work of the masks.
 * @param volumes `[count, edge, edge, edge]`. @param masks of these volumes by the same network.
 * @throws as `Embedder.embed`.
 */
export async function averagedMasks(
  embedder: Embedder,
  volumes: Float32Array,
  masks: Float32Array,
  { onProgress, signal }: EmbedOptions = {},
): Promise<Float32Array> {
  const { edge } = embedder.description;
  const voxels = edge ** 3;
  const mean = masks.map((value) => value / (REVERSALS.length + 1));
  const rotated = new Float32Array(Math.min(BOXES_TOGETHER * voxels, volumes.length));
  for (let from = 0; from < volumes.length; from += rotated.length) {
    const boxes = volumes.subarray(from, from + rotated.length);
    const own = rotated.subarray(0, boxes.length);
    for (const reversed of REVERSALS) {
      const source = sourcesOf(edge, reversed);
      for (let box = 0; box < boxes.length; box += voxels)
        for (let i = 0; i < voxels; i++) own[box + i] = boxes[box + source[i]];
      const answer = (await embedder.embed(own, { signal })).masks!;
      // Each rotation is its own inverse.
      for (let box = 0; box < boxes.length; box += voxels)
        for (let i = 0; i < voxels; i++) mean[from + box + i] += answer[box + source[i]] / (REVERSALS.length + 1);
    }
    onProgress?.((from + boxes.length) / voxels);
  }
  return mean;
}

/** For each voxel the one that is rotated to it. */
function sourcesOf(edge: number, [z, y, x]: readonly [boolean, boolean, boolean]): Uint32Array {
  const along = (reversed: boolean) => Uint32Array.from({ length: edge }, (_, i) => (reversed ? (edge - i) % edge : i));
  const [fromZ, fromY, fromX] = [along(z), along(y), along(x)];
  return Uint32Array.from({ length: edge ** 3 }, (_, i) => {
    const [line, slice] = [Math.floor(i / edge), Math.floor(i / edge ** 2)];
    return (fromZ[slice] * edge + fromY[line % edge]) * edge + fromX[i % edge];
  });
}
