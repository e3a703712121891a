import { packageVersion, type StagedFiles } from "../../files/disk/index.js";
import { writeMrcSections } from "../../files/tomogram/index.js";
import { createLabeller, type LabelledSections } from "./labels.js";
import type { SegmentSettings } from "./options.js";
import type { SegmentedTomogram } from "./segmentation.js";

/** Sections that are worked on together: three numbers of four bytes a voxel are in memory for these only. */
const SECTIONS = 16;

export const VOLUME_NAMES = {
  labels: "labels.mrc",
  instances: "instances.mrc",
  probability: "probability.mrc",
} as const;
export const ZARR_NAME = "segmentation.ome.zarr";

/**
 * Writes the tomogram's class labels (8 bits where they fit, else 16), instance labels (16 bits, else float32, which is exact
 * to 16 million) and probability (8 bits, per cent: the one type that every program reads), section by section, and all of
 * them as OME-Zarr where asked for. Gives the names.
 * @throws FileError, AbortError
 */
export async function writeVolumes(
  files: StagedFiles,
  { particles, classes, grid }: SegmentedTomogram,
  { omeZarr, signal, onProgress }: SegmentSettings,
): Promise<string[]> {
  const labeller = createLabeller(particles, grid, classes.labels);
  const [nz, ny, nx] = grid.shape;
  const size = ny * nx;
  const kinds = [
    {
      name: VOLUME_NAMES.labels,
      mode: Math.max(...classes.labels) <= 127 ? 0 : 6,
      label: "class labels, 0 is background",
      value: ({ labels }: LabelledSections) => labels,
      scale: 1,
    },
    {
      name: VOLUME_NAMES.instances,
      mode: particles.length <= 65535 ? 6 : 2,
      label: "particle numbers, 0 is background",
      value: ({ instances }: LabelledSections) => instances,
      scale: 1,
    },
    {
      name: VOLUME_NAMES.probability,
      mode: 0,
      label: "probability of a particle in per cent",
      value: ({ probability }: LabelledSections) => probability,
      scale: 100,
    },
  ] as const;
  for (const [k, { name, mode, label, value, scale }] of kinds.entries()) {
    let slab: LabelledSections[keyof LabelledSections];
    await writeMrcSections(await files.reserve(name), {
      ...grid,
      mode,
      labels: [`cosnet ${packageVersion()}: ${label}`],
      signal,
      section(z, into) {
        if (z % SECTIONS === 0) slab = value(labeller.sections(z, Math.min(nz, z + SECTIONS)));
        const from = (z % SECTIONS) * size;
        for (let i = 0; i < size; i++) into[i] = Math.round(scale * slab[from + i]!);
        onProgress?.({ stage: "writing label volumes", done: k * nz + z + 1, total: kinds.length * nz });
      },
    });
  }
  if (!omeZarr) return Object.values(VOLUME_NAMES);
  const { writeLabelZarr } = await import("./zarr.js"); // zarrita only where it is needed
  await writeLabelZarr(await files.reserve(ZARR_NAME), labeller, grid, { signal });
  return [...Object.values(VOLUME_NAMES), ZARR_NAME];
}
