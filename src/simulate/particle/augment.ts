import {
  flip,
  type Random,
  type Shape3,
  wedgePreservingMirrors,
  wedgePreservingRotations,
} from "../../volume/index.js";

/** A volume and its mask, `[nz, ny, nx]`. */
export interface LabelledVolume {
  readonly volume: Float32Array;
  readonly mask: Uint8Array;
}

/**
 * Copies `source` to `target` under a random 180° rotation that keeps a symmetric missing wedge (or none); with
 * `mirrored` under such a rotation of the mirror image, which is a particle of the mirror-image class. Exact: voxels only move.
 */
export function augment(
  random: Random,
  source: LabelledVolume,
  target: LabelledVolume,
  { shape, mirrored = false }: { shape: Shape3; mirrored?: boolean },
): void {
  const axes = random.pick(mirrored ? wedgePreservingMirrors : wedgePreservingRotations);
  flip(source.volume, target.volume, shape, axes);
  flip(source.mask, target.mask, shape, axes);
}
