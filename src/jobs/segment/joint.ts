import type { ParticleBoxReader } from "../../files/particles/index.js";
import { type CrfParameters, refineLabels } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import type { SegmentedParticle } from "../masks/index.js";
import { boxOfMask, cropMask, pasteMasks } from "../masks/index.js";
import { neighbourFinder } from "./shapes.js";

const BATCH = 64;
/** A refinement that takes away or adds more than this share of a particle's voxels is not used. */
const HIGHEST_CHANGE = 0.5;

/**
 * Refines the outlines of particles that lie in one tomogram together: in each particle's box, one random field with the labels
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
  const masks = particles.map(({ mask }) => mask);
  const neighbours = neighbourFinder(masks);
  const refined: SegmentedParticle[] = [];
  for (let from = 0; from < particles.length; from += BATCH) {
    const to = Math.min(particles.length, from + BATCH);
    const { volumes } = await reader.read(from, to);
    for (let index = from; index < to; index++) {
      const particle = particles[index]!;
      const region = boxOfMask(particle.mask, edge);
      const own = pasteMasks([[index, particle.mask]], region).probability;
      const near = neighbours(index).filter((other) => other !== index);
      const others = pasteMasks(
        near.map((other) => [other, masks[other]!] as const),
        region,
      ).probability;
      const intensity = volumes.subarray((index - from) * edge ** 3, (index - from + 1) * edge ** 3);
      const background = own.map((p, i) => (1 - p) * (1 - others[i]!));
      const probability = refineLabels(
        {
          shape: [edge, edge, edge],
          voxelSizeAngstrom,
          intensities: [intensity],
          probabilities: near.length > 0 ? [background, own, others] : [background, own],
        },
        parameters,
      ).probabilities[1]!;
      refined.push(withMask(particle, { own, others, probability }, edge));
      onProgress?.({ stage: "refining outlines together", done: index + 1, total: particles.length });
      if (index % 8 === 7) await breathe(signal);
    }
  }
  return refined;
}

function withMask(
  particle: SegmentedParticle,
  { own, others, probability }: Readonly<Record<"own" | "others" | "probability", Float32Array>>,
  edge: number,
): SegmentedParticle {
  let [before, after, removed, added] = [0, 0, 0, 0];
  for (let i = 0; i < own.length; i++) {
    const was = own[i]! > 0.5 && own[i]! >= others[i]!;
    const is = probability[i]! > 0.5;
    if (was) before++;
    if (is) after++;
    if (was && !is) removed++;
    if (is && !was) added++;
  }
  const removedShare = before === 0 ? 0 : removed / before;
  const addedShare = added === 0 ? 0 : added / before;
  const flagged = removedShare > HIGHEST_CHANGE || addedShare > HIGHEST_CHANGE;
  return {
    ...particle,
    mask: flagged ? particle.mask : cropMask(probability, edge, particle.mask),
    voxels: flagged ? particle.voxels : after,
    crf: { voxelsBefore: before, voxelsAfter: after, removedShare, addedShare, flagged },
  };
}
