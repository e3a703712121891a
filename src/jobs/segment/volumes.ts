import type { StagedFiles } from "../../files/disk/index.js";
import { writeMrcSections } from "../../files/tomogram/index.js";
import type { Shape3, VoxelGrid } from "../../volume/index.js";
import type { SegmentedParticle } from "../masks/index.js";
import { type ParticleMask, type PastedMasks, pasteMasks, reachOfMask } from "../masks/index.js";

/** Sections that are worked on together: three numbers of four bytes a voxel are in memory for these only. */
const SECTIONS = 16;

export const VOLUME_NAMES = {
  labels: "labels.mrc",
  instances: "instances.mrc",
  probability: "probability.mrc",
} as const;

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
      const pasted = pasteMasks(near, {
        originAngstrom: { x: 0, y: 0, z: low },
        voxelSizeAngstrom,
        shape: [to - from, shape[1], shape[2]],
      });
      return labelled(pasted, particles, labelOfClass);
    },
  };
}

export type Labeller = ReturnType<typeof createLabeller>;

function labelled(
  { probability, owner }: PastedMasks,
  particles: readonly SegmentedParticle[],
  labelOfClass: readonly number[],
): LabelledSections {
  const labels = new Uint16Array(owner.length);
  const instances = new Uint32Array(owner.length);
  for (let i = 0; i < owner.length; i++) {
    if (!(probability[i]! > 0.5)) continue;
    labels[i] = labelOfClass[particles[owner[i]!]!.classIndex]!;
    instances[i] = owner[i]! + 1;
  }
  return { labels, instances, probability };
}

/**
 * Writes the tomogram's class labels (8 bits where they fit, else 16), instance labels (16 bits, else float32, which is exact
 * to 16 million) and probability (8 bits, per cent: the one type that every program reads), section by section.
 * @throws FileError, AbortError
 */
export async function writeLabelVolumes(
  files: StagedFiles,
  labeller: Labeller,
  {
    grid,
    highestLabel,
    particleCount,
    version,
    signal,
    onProgress,
  }: {
    readonly grid: VoxelGrid;
    readonly highestLabel: number;
    readonly particleCount: number;
    readonly version: string;
    readonly signal: AbortSignal | undefined;
    readonly onProgress: (done: number, total: number) => void;
  },
): Promise<void> {
  const [nz, ny, nx] = grid.shape;
  const size = ny * nx;
  const kinds = [
    {
      name: VOLUME_NAMES.labels,
      mode: highestLabel <= 127 ? 0 : 6,
      label: `cosnet ${version}: class labels, 0 is background`,
      value: ({ labels }: LabelledSections) => labels,
      scale: 1,
    },
    {
      name: VOLUME_NAMES.instances,
      mode: particleCount <= 65535 ? 6 : 2,
      label: `cosnet ${version}: particle numbers, 0 is background`,
      value: ({ instances }: LabelledSections) => instances,
      scale: 1,
    },
    {
      name: VOLUME_NAMES.probability,
      mode: 0,
      label: `cosnet ${version}: probability of a particle in per cent`,
      value: ({ probability }: LabelledSections) => probability,
      scale: 100,
    },
  ] as const;
  for (const [k, { name, mode, label, value, scale }] of kinds.entries()) {
    let slab: LabelledSections["labels"] | LabelledSections["instances"] | LabelledSections["probability"];
    await writeMrcSections(await files.reserve(name), {
      ...grid,
      mode,
      labels: [label],
      signal,
      section(z, into) {
        if (z % SECTIONS === 0) slab = value(labeller.sections(z, Math.min(nz, z + SECTIONS)));
        const from = (z % SECTIONS) * size;
        for (let i = 0; i < size; i++) into[i] = Math.round(scale * slab[from + i]!);
        onProgress(k * nz + z + 1, kinds.length * nz);
      },
    });
  }
}

/** The whole label volume on a grid of at most `longest` voxels an edge: for pictures. */
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
  // Pictures take the order of the classes, not the labels, for their colours.
  const { labels } = labelled(
    pasted,
    particles,
    particles.reduce<number[]>((order, { classIndex }) => {
      order[classIndex] = (classIndex % 255) + 1;
      return order;
    }, []),
  );
  return { classes: Uint8Array.from(labels), shape: coarse };
}
