import type { ParticleBoxReader } from "../../files/particles/index.js";
import { boxOfMask, countInside, cropMask, joinRows, pasteMasks, touchesEdge } from "../../infer/index.js";
import { type CommonMasksOptions, combineMasks } from "../masks/index.js";
import type { SegmentedParticle } from "./particles.js";

/**
 * Makes the masks of particles with those of like particles of their class; boxes are read again, a few at a time.
 * @returns the particles, and how many have a new mask. @throws what reading throws; ModelError, AbortError.
 */
export async function combineSegmented(
  particles: readonly SegmentedParticle[],
  reader: ParticleBoxReader,
  { names, ...options }: CommonMasksOptions & { readonly names: readonly string[] },
): Promise<{ readonly particles: readonly SegmentedParticle[]; readonly combined: number }> {
  const { edge } = options;
  const embeddings = particles.map(({ embedding }) => embedding);
  const result = [...particles];
  const combined = await combineMasks(
    {
      labels: particles.map(({ classIndex }) => classIndex),
      names,
      embedded: { embeddings: joinRows(embeddings), size: embeddings[0]?.length ?? 0 },
      async read(rows) {
        const volumes = await boxesOf(rows, reader);
        return rows.map((row, i) => {
          const { mask } = particles[row]!;
          return { volume: volumes[i]!, mask: pasteMasks([[0, mask]], boxOfMask(mask, edge)).probability };
        });
      },
      take(row, mask) {
        const particle = particles[row]!;
        result[row] = {
          ...particle,
          mask: cropMask(mask, edge, particle.mask),
          voxels: countInside(mask),
          cutOff: touchesEdge(mask, edge),
        };
      },
    },
    options,
  );
  return { particles: result, combined };
}

/** The boxes of rows; those that follow each other in the list are read together. */
async function boxesOf(rows: readonly number[], reader: ParticleBoxReader): Promise<Float32Array[]> {
  const boxes: Float32Array[] = [];
  for (let from = 0, to = 0; from < rows.length; from = to) {
    for (to = from + 1; rows[to] === rows[to - 1]! + 1; ) to++;
    const { volumes } = await reader.read(rows[from]!, rows[to - 1]! + 1);
    const voxels = volumes.length / (to - from);
    for (let i = 0; i < to - from; i++) boxes.push(volumes.subarray(i * voxels, (i + 1) * voxels));
  }
  return boxes;
}
