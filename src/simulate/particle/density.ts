import { centreIndex, createVolume, gaussianFilterInPlace, type Shape3, type Volume } from "../../volume/index.js";
import type { Complex } from "../complexes/complex.js";
import { beadsOf, splat } from "./splat.js";

/**
 * The density of a complex in its own frame, its centre of mass at voxel floor(edge / 2), blurred by a Gaussian of this standard
 * deviation: no contrast transfer, no missing wedge, no noise.
 */
export function drawDensity(
  complex: Complex,
  {
    edge,
    voxelSizeAngstrom,
    blurAngstrom,
  }: { readonly edge: number; readonly voxelSizeAngstrom: number; readonly blurAngstrom: number },
): Volume {
  const shape: Shape3 = [edge, edge, edge];
  const volume = createVolume(shape, voxelSizeAngstrom);
  const [scale, centre] = [1 / voxelSizeAngstrom, centreIndex(edge)];
  const matrix = [scale, 0, 0, 0, scale, 0, 0, 0, scale] as const;
  splat(volume.data, shape, beadsOf(complex), { matrix, x: centre, y: centre, z: centre });
  gaussianFilterInPlace(volume.data, shape, blurAngstrom / voxelSizeAngstrom);
  return volume;
}
