import { type ShapeStatistics, shapeStatistics } from "../../evaluate/index.js";
import { neighbourFinder, pasteMasks, regionOfMask } from "../../infer/index.js";
import { placeMesh, type SurfaceMesh, surfaceMesh } from "../../volume/index.js";
import type { SegmentedParticle } from "./particles.js";

/** One particle's shape apart from its neighbours. */
export interface ParticleShape extends ShapeStatistics {
  /** Voxels of the network's size inside. */
  readonly voxels: number;
  /** Fraction of the mask, 0 to 1, that went to neighbours with a higher probability. */
  readonly lostToNeighbours: number;
  /** In Angstrom, in the frame of the tomogram or of the particle's own box. */
  readonly mesh: SurfaceMesh;
}

/**
 * Gives the shapes of particles by index, worked out when asked for. The surface is where the particle's own probability
 * exceeds one half and no neighbour's is higher: `p` where the particle has the highest probability, `min(p, 1 - p)` of the
 * highest elsewhere, on the grid of the network's box.
 * @param together whether the particles lie in one tomogram, so that neighbours count.
 */
export function createShapes(
  particles: readonly SegmentedParticle[],
  { together }: { readonly together: boolean },
): (index: number) => ParticleShape {
  const neighbours = together ? neighbourFinder(particles.map(({ mask }) => mask)) : (index: number) => [index];
  return (index) => {
    const { mask } = particles[index]!;
    const region = regionOfMask(mask);
    const near = neighbours(index);
    const { probability, owner } = pasteMasks(
      near.map((other) => [other, particles[other]!.mask] as const),
      region,
    );
    let before = 0;
    let after = 0;
    for (let i = 0; i < probability.length; i++) {
      if (mask.data[i]! > 127.5) before++;
      if (owner[i] !== index) probability[i] = Math.min(probability[i]!, 1 - probability[i]!);
      else if (probability[i]! > 0.5) after++;
    }
    const mesh = placeMesh(
      surfaceMesh(probability, region.shape, 0.5),
      region.voxelSizeAngstrom,
      region.originAngstrom,
    );
    return { ...shapeStatistics(mesh), voxels: after, lostToNeighbours: before === 0 ? 0 : 1 - after / before, mesh };
  };
}
