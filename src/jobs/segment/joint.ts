import type { ParticleBoxReader } from "../../files/particles/index.js";
import {
  boxOfMask,
  type CrfParameters,
  cropMask,
  neighbourFinder,
  type ParticleMask,
  pasteMasks,
  refineMask,
} from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import type { SegmentedParticle } from "./particles.js";

const BATCH = 64;

/**
 * Refines the masks of particles that lie in one tomogram together: in each particle's box, one random field with the labels
 * background, this particle, and its neighbours, so that intensities decide where two particles meet. The boxes are tiles that
 * overlap wherever particles do; one is in memory at a time. Unary terms: the masks taken as independent, given that a voxel
 * is not of both.
 * @param particles with unrefined masks. @throws what reading throws; AbortError.
 */
export async function refineTogether(
  particles: readonly SegmentedParticle[],
  reader: ParticleBoxReader,
  {
    edge,
    voxelSizeAngstrom,
    parameters,
    signal,
    onProgress,
  }: Progress & { readonly edge: number; readonly voxelSizeAngstrom: number; readonly parameters: CrfParameters },
): Promise<SegmentedParticle[]> {
  const voxels = edge ** 3;
  const maskAt = (index: number): [number, ParticleMask][] => {
    const mask = particles[index]?.mask;
    return mask ? [[index, mask]] : [];
  };
  const neighbours = neighbourFinder(particles.map(({ mask }) => mask));
  const refined: SegmentedParticle[] = [];
  for (let from = 0; from < particles.length; from += BATCH) {
    const batch = particles.slice(from, from + BATCH);
    const { volumes } = await reader.read(from, from + batch.length);
    for (const [i, particle] of batch.entries()) {
      const region = boxOfMask(particle.mask, edge);
      const others = neighbours(from + i).filter((other) => other !== from + i);
      const own = pasteMasks(maskAt(from + i), region).probability;
      const { probability, ...crf } = refineMask(own, volumes.subarray(i * voxels, (i + 1) * voxels), {
        shape: [edge, edge, edge],
        voxelSizeAngstrom,
        parameters,
        neighbours: others.length > 0 ? pasteMasks(others.flatMap(maskAt), region).probability : undefined,
      });
      const used = !crf.flagged && { mask: cropMask(probability, edge, particle.mask), voxels: crf.voxelsAfter };
      refined.push({ ...particle, ...used, crf });
      onProgress?.({ stage: "refining masks together", done: refined.length, total: particles.length });
      if (refined.length % 8 === 0) await breathe(signal);
    }
  }
  return refined;
}
