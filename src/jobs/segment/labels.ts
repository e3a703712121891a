import { type ParticleMask, pasteMasks, reachOfMask } from "../../infer/index.js";
import type { Shape3, VoxelGrid } from "../../volume/index.js";
import type { SegmentedParticle } from "./particles.js";

/** What the voxels of some sections of the tomogram are. Zero is background. */
export interface LabelledSections {
  readonly labels: Uint16Array;
  /** Number of the particle in the list, from 1. */
  readonly instances: Uint32Array;
  /** 0 to 1, that the voxel is of a particle. */
  readonly probability: Float32Array;
}

/** Labels of any sections of a tomogram, worked out when asked for. */
export function createLabeller(
  particles: readonly SegmentedParticle[],
  { shape, voxelSizeAngstrom }: VoxelGrid,
  labelOfClass: readonly number[],
) {
  const reaches = particles.map(({ mask }) => reachOfMask(mask, "z"));
  return {
    sections(from: number, to: number): LabelledSections {
      const low = from * voxelSizeAngstrom;
      const high = (to - 1) * voxelSizeAngstrom;
      const near = particles.flatMap(({ mask }, index): (readonly [number, ParticleMask])[] =>
        reaches[index]![1] >= low && reaches[index]![0] <= high ? [[index, mask]] : [],
      );
      const { probability, owner } = pasteMasks(near, {
        originAngstrom: { x: 0, y: 0, z: low },
        voxelSizeAngstrom,
        shape: [to - from, shape[1], shape[2]],
      });
      const labels = new Uint16Array(owner.length);
      const instances = new Uint32Array(owner.length);
      for (let i = 0; i < owner.length; i++) {
        if (!(probability[i]! > 0.5)) continue;
        labels[i] = labelOfClass[particles[owner[i]!]!.classIndex]!;
        instances[i] = owner[i]! + 1;
      }
      return { labels, instances, probability };
    },
  };
}

/** The classes, from 1, of the whole tomogram on a grid of at most `longest` voxels an edge: for pictures. */
export function coarseLabels(
  particles: readonly SegmentedParticle[],
  { shape, voxelSizeAngstrom }: VoxelGrid,
  longest: number,
): { classes: Uint8Array; shape: Shape3 } {
  const step = Math.max(1, Math.ceil(Math.max(...shape) / longest));
  const coarse = shape.map((n) => Math.ceil(n / step)) as unknown as Shape3;
  const pasted = pasteMasks(
    particles.map(({ mask }, index) => [index, mask] as const),
    {
      originAngstrom: { x: 0, y: 0, z: 0 },
      voxelSizeAngstrom: step * voxelSizeAngstrom,
      shape: coarse,
    },
  );
  const classes = pasted.probability.map((p, i) => (p > 0.5 ? (particles[pasted.owner[i]!]!.classIndex % 255) + 1 : 0));
  return { classes: Uint8Array.from(classes), shape: coarse };
}
