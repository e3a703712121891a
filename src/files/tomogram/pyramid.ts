/** Volumes at half their resolution. */
import type { ZarrValues } from "../../io/index.js";
import { type Shape3, type VoxelGrid, voxelCount } from "../../volume/index.js";

/** A volume of one of the types that go into a store. */
export interface ZarrVolume extends VoxelGrid {
  readonly data: ZarrValues;
}

/** Half the resolution: the mean of each eight voxels; at an odd edge of those there are. */
export function halfMean(volume: ZarrVolume): ZarrVolume {
  return halved(volume, Float32Array, (data, indices, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += data[indices[i]!]!;
    return sum / count;
  });
}

/** Half the resolution: the first of each eight labels. */
export function halfFirst(volume: ZarrVolume): ZarrVolume {
  return halved(volume, volume.data.constructor as Uint8ArrayConstructor, (labels, indices) => labels[indices[0]!]!);
}

function halved(
  { data, shape: [nz, ny, nx], voxelSizeAngstrom }: ZarrVolume,
  Values: new (length: number) => ZarrVolume["data"],
  combine: (data: ZarrVolume["data"], indices: Int32Array, count: number) => number,
): ZarrVolume {
  const shape: Shape3 = [Math.ceil(nz / 2), Math.ceil(ny / 2), Math.ceil(nx / 2)];
  const into = new Values(voxelCount(shape));
  const indices = new Int32Array(8);
  let at = 0;
  for (let z = 0; z < nz; z += 2)
    for (let y = 0; y < ny; y += 2)
      for (let x = 0; x < nx; x += 2) {
        let count = 0;
        for (let k = z; k < Math.min(z + 2, nz); k++)
          for (let j = y; j < Math.min(y + 2, ny); j++)
            for (let i = x; i < Math.min(x + 2, nx); i++) indices[count++] = (k * ny + j) * nx + i;
        into[at++] = combine(data, indices, count);
      }
  return { data: into, shape, voxelSizeAngstrom: 2 * voxelSizeAngstrom };
}

/** Chunks of all levels, down to the one whose longest edge is no longer than `smallestEdge`. */
export function pyramidChunks(shape: Shape3, chunk: number, smallestEdge: number): number {
  const here = shape.reduce((product, n) => product * Math.ceil(n / chunk), 1);
  if (Math.max(...shape) <= smallestEdge) return here;
  const half = shape.map((n) => Math.ceil(n / 2)) as unknown as Shape3;
  return here + pyramidChunks(half, chunk, smallestEdge);
}
