import { packageVersion, type StagedFiles } from "../../files/disk/index.js";
import { writeMrcSections, writeOmeZarr } from "../../files/tomogram/index.js";
import { MRC_MODES, type MrcMode, smallestMrcMode } from "../../io/index.js";
import type { VoxelGrid } from "../../volume/index.js";
import { createLabeller, type LabelledSections } from "./labels.js";
import type { SegmentSettings } from "./options.js";
import type { Segmentation } from "./segmentation.js";

/** Sections that are worked on together: ten bytes a voxel are in memory for these only. */
const SECTIONS = 16;

type Kind = keyof LabelledSections;
/** Files of the label volumes. */
export const VOLUME_NAMES = {
  labels: "labels.mrc",
  instances: "instances.mrc",
  probability: "probability.mrc",
} as const satisfies Record<Kind, string>;
/** The folder of the same as OME-Zarr. */
export const ZARR_NAME = "segmentation.ome.zarr";

/** The smallest modes of MRC that hold the numbers of classes and of particles. */
function labelModes(particles: number, labels: readonly number[]): Record<"labels" | "instances", MrcMode> {
  const largest = labels.reduce((most, label) => Math.max(most, label), 0);
  return { labels: smallestMrcMode(0, largest), instances: smallestMrcMode(0, particles) };
}

/** The types of the label volumes in words, for who opens them elsewhere. */
export function labelTypes({ particles, classes }: Pick<Segmentation, "particles" | "classes">): string {
  const { labels, instances } = labelModes(particles.length, classes.labels);
  const named = (mode: MrcMode) => `MRC mode ${mode} (${MRC_MODES[mode].name})`;
  return `class labels ${named(labels)}, particle numbers ${named(instances)}: the smallest that hold them`;
}

/**
 * Writes the tomogram's class labels and instance labels (the smallest of 8 and 16 bits and float32 that holds them) and probability (8 bits, per cent: the one type that every program reads), section by section, and all of
 * them as OME-Zarr where asked for. Gives the names.
 *
 * While OME-Zarr is written, memory holds a layer of chunks, and the coarser levels of one of the three: at most half a byte a
 * voxel of the tomogram, and 256 bytes for each voxel of a section.
 * @throws FileError, AbortError
 */
export async function writeVolumes(
  files: StagedFiles,
  { particles, classes, grid }: Segmentation & { readonly grid: VoxelGrid },
  { omeZarr, signal, onProgress }: SegmentSettings,
): Promise<string[]> {
  const labeller = createLabeller(particles, grid, classes.labels);
  const [nz, ny, nx] = grid.shape;
  const size = ny * nx;
  const modes = labelModes(particles.length, classes.labels);
  const kinds = [
    { kind: "labels", mode: modes.labels, label: "class labels, 0 is background", scale: 1 },
    { kind: "instances", mode: modes.instances, label: "particle numbers, 0 is background", scale: 1 },
    { kind: "probability", mode: 0, label: "probability of a particle in per cent", scale: 100 },
  ] as const;
  for (const [k, { kind, mode, label, scale }] of kinds.entries()) {
    let slab: LabelledSections[Kind];
    await writeMrcSections(await files.reserve(VOLUME_NAMES[kind]), {
      ...grid,
      mode,
      labels: [`cosnet ${packageVersion()}: ${label}`],
      signal,
      section(z, into) {
        if (z % SECTIONS === 0) slab = labeller.sections(z, Math.min(nz, z + SECTIONS))[kind];
        const from = (z % SECTIONS) * size;
        for (let i = 0; i < size; i++) into[i] = Math.round(scale * slab[from + i]!);
        onProgress?.({ stage: "writing label volumes", done: k * nz + z + 1, total: kinds.length * nz });
      },
    });
  }
  if (!omeZarr) return Object.values(VOLUME_NAMES);
  /** Gives the values of some sections, worked out a few at a time. */
  const layer =
    (kind: Kind, Values: new (length: number) => LabelledSections[Kind]) =>
    (from: number, to: number): LabelledSections[Kind] => {
      const values = new Values((to - from) * size);
      for (let z = from; z < to; z += SECTIONS)
        values.set(labeller.sections(z, Math.min(to, z + SECTIONS))[kind], (z - from) * size);
      return values;
    };
  await writeOmeZarr(
    await files.reserve(ZARR_NAME),
    { ...grid, sections: layer("probability", Float32Array) },
    {
      name: "segmentation",
      labels: { classes: layer("labels", Uint16Array), instances: layer("instances", Uint32Array) },
      ...{ stage: "writing OME-Zarr", onProgress, signal },
    },
  );
  return [...Object.values(VOLUME_NAMES), ZARR_NAME];
}
