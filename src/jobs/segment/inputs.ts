import {
  contrastWarnings,
  openParticleBoxes,
  type ParticleBoxesOptions,
  type ParticleGrid,
  readParticleBoxes,
} from "../../files/particles/index.js";
import { openTomogram } from "../../files/tomogram/index.js";
import { type Adaptation, adaptedEmbedder, type Embedder, measureAdaptation, noAdaptation } from "../../infer/index.js";
import { classesOfList } from "../../io/index.js";
import type { VoxelGrid } from "../../volume/index.js";
import type { Examples } from "../masks/index.js";
import type { SegmentOptions } from "./options.js";

/** The grid of a tomogram, before anything else is done. */
export async function tomogramGrid(path: string, { voxelSizeAngstrom }: SegmentOptions): Promise<VoxelGrid> {
  await using tomogram = await openTomogram(path, { voxelSizeAngstrom }); // its warnings come with the boxes
  return { shape: tomogram.shape, voxelSizeAngstrom: tomogram.voxelSizeAngstrom };
}

/** The examples, as the network sees them. */
export async function readExamples(
  { supportPath, signal, adapt = true }: SegmentOptions,
  embedder: Embedder,
  reading: ParticleBoxesOptions,
): Promise<Examples | undefined> {
  if (supportPath === undefined) return undefined;
  const { list, volumes } = await readParticleBoxes(supportPath, reading);
  const adaptation = adapt ? measureAdaptation(volumes, reading.edge) : noAdaptation;
  const adapted = adaptedEmbedder(embedder, adaptation);
  const embedded = await adapted.embed(volumes, signal === undefined ? {} : { signal });
  return { embedded, classes: classesOfList(list, supportPath) };
}

/** Boxes that a list's tilt geometry and noise are measured on; all of them would have to be in memory. */
const MEASURED_BOXES = 96;

/**
 * What the boxes of a list need before the network sees them, measured on some of them, evenly over the list. Warns when these
 * look as if protein had the other sign.
 */
export async function measureList(
  reading: ParticleBoxesOptions,
  { adapt = true, particlesPath, inverted, onWarning }: SegmentOptions,
): Promise<Adaptation> {
  const { edge } = reading;
  const reader = await openParticleBoxes(particlesPath, reading);
  try {
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
  } finally {
    await reader.close();
  }
}
