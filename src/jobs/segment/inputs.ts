import {
  contrastWarnings,
  type ParticleBoxesOptions,
  type ParticleBoxReader,
  type ParticleGrid,
  readParticleBoxes,
} from "../../files/particles/index.js";
import { openTomogram } from "../../files/tomogram/index.js";
import { type Adaptation, type Embedder, embedDataSet, measureAdaptation, noAdaptation } from "../../infer/index.js";
import { classesOfList } from "../../io/index.js";
import type { SegmentSettings } from "./options.js";
import type { Examples } from "./particles.js";

/** The grid of the tomogram, if there is one, before anything else is done. */
export async function tomogramGrid({ tomogramPath: path, voxelSizeAngstrom }: SegmentSettings) {
  if (path === undefined) return undefined;
  await using tomogram = await openTomogram(path, { voxelSizeAngstrom }); // its warnings come with the boxes
  const { shape, warnings } = tomogram;
  return { shape, voxelSizeAngstrom: tomogram.voxelSizeAngstrom, warnings };
}

/** How examples and particles are read; particles in a tomogram are always cut out of it. */
export function readingOf(
  { description: { edge, voxelSizeAngstrom } }: Embedder,
  { voxelSizeAngstrom: fileVoxelSizeAngstrom, inverted, tomogramPath, signal }: SegmentSettings,
): Record<"examples" | "particles", ParticleBoxesOptions> {
  const examples = { edge, voxelSizeAngstrom, fileVoxelSizeAngstrom, inverted, tomogramPath, signal };
  // A box around any position inside the tomogram has at least an eighth of it inside.
  const cutting = tomogramPath !== undefined && { alwaysCut: true, highestOutsideFraction: 0.88 };
  return { examples, particles: { ...examples, ...cutting } };
}

/** The examples, as the network sees them. */
export async function readExamples(
  embedder: Embedder,
  reading: ParticleBoxesOptions,
  { examplesPath, signal, adapt }: SegmentSettings,
): Promise<Examples | undefined> {
  if (examplesPath === undefined) return undefined;
  const { list, volumes } = await readParticleBoxes(examplesPath, reading);
  const { embedded } = await embedDataSet(embedder, volumes, { adapt, signal });
  return { embedded, classes: classesOfList(list, examplesPath) };
}

/** Boxes that a list's tilt geometry and noise are measured on; all of them would have to be in memory. */
const MEASURED_BOXES = 96;

/**
 * What the boxes of a list need before the network sees them, measured on some of them, evenly over the list. Warns when these
 * look as if protein had the other sign.
 */
export async function measureList(
  reader: ParticleBoxReader,
  { edge }: Pick<ParticleBoxesOptions, "edge">,
  { adapt, inverted, onWarning }: SegmentSettings,
): Promise<Adaptation> {
  const total = reader.list.particles.length;
  const count = Math.min(total, MEASURED_BOXES);
  const volumes = new Float32Array(count * edge ** 3);
  const grids: ParticleGrid[] = [];
  for (let i = 0; i < count; i++) {
    const index = Math.floor((i * total) / count);
    const box = await reader.read(index, index + 1);
    volumes.set(box.volumes, i * edge ** 3);
    grids.push(...box.grids);
  }
  for (const warning of contrastWarnings({ volumes, grids }, { inverted, what: "particles" })) onWarning?.(warning);
  return adapt ? measureAdaptation(volumes, edge) : noAdaptation;
}
