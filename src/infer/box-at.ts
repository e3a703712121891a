import { createVolume, type Volume } from "../volume/index.js";

/** A box with its mask, as reports show it. */
export interface MaskedBox {
  readonly volume: Volume;
  /** Probability, or 0 and 1, of each voxel to be of the particle. */
  readonly mask: Float32Array | undefined;
}

/** One of many boxes `[count, edge, edge, edge]` and masks. The data are shared, not copied. */
export function boxAt(
  index: number,
  volumes: Float32Array,
  masks: Float32Array | undefined,
  { edge, voxelSizeAngstrom }: { readonly edge: number; readonly voxelSizeAngstrom: number },
): MaskedBox {
  const [from, to] = [index * edge ** 3, (index + 1) * edge ** 3];
  return {
    volume: createVolume([edge, edge, edge], voxelSizeAngstrom, volumes.subarray(from, to)),
    mask: masks?.subarray(from, to),
  };
}
