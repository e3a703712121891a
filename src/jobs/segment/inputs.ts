/** What `segment` reads: the particles, examples if there are some, and what must be known of them before they are shown to the network. */
import {
  listedVoxelSize,
  openParticleBoxes,
  type ParticleBoxesOptions,
  type ParticleBoxReader,
} from "../../files/particles/index.js";
import { type Adaptation, type Embedder, embedDataSet, measureAdaptation, noAdaptation } from "../../infer/index.js";
import { classesOfList } from "../../io/index.js";
import { allExampleBoxes, readExampleBoxes } from "../examples/index.js";
import {
  contrastOfLists,
  type GivenTomogram,
  invertBoxes,
  type ListContrast,
  measureGivenTomogram,
  sampleBoxes,
  someBoxes,
} from "../search/index.js";
import type { SegmentSettings } from "./options.js";
import type { Examples } from "./particles.js";

/** Inputs of which all is known; the reader gives boxes with protein positive. */
export interface SegmentInputs {
  readonly reader: ParticleBoxReader;
  readonly examples: Examples | undefined;
  readonly grid: GivenTomogram | undefined;
  readonly adaptation: Adaptation;
  readonly contrast: Readonly<Record<"particles" | "examples", ListContrast>>;
}

/** Reads, measures and opens; the reader is the caller's to close. @throws as `segment`. */
export async function openInputs(embedder: Embedder, settings: SegmentSettings): Promise<SegmentInputs> {
  const { particlesPath, tomogramPath, adapt, seed, signal } = settings;
  const { edge } = embedder.description;
  const reading = readingOf(embedder, settings);
  await using measured = await openParticleBoxes(particlesPath, reading.particles);
  const { list } = measured;
  const listed = listedVoxelSize(list, particlesPath);
  // The tomogram's own warnings come with the boxes.
  const grid =
    tomogramPath === undefined
      ? undefined
      : await measureGivenTomogram(tomogramPath, embedder.description, listed, settings);
  if (grid?.originAngstrom) {
    const { x, y, z } = grid.originAngstrom;
    settings.onWarning?.(
      `${tomogramPath} begins at ${x}, ${y}, ${z} Å (its origin), and so do label volumes and surfaces; lists and tables count from its first voxel`,
    );
  }
  const sample = await sampleBoxes(measured, edge);
  const given =
    settings.examples &&
    (await readExampleBoxes(settings.examples, { ...reading.examples, listedVoxelSize: listed, seed }));
  const contrast = contrastOfLists(sample, given?.measured && someBoxes(given.measured, edge), {
    ...{ ...settings, edge, skewness: grid?.skewness },
  });
  if (given?.measured) invertBoxes(given.measured, edge, contrast.examples);
  const examples = given && allExampleBoxes(given, embedder.description);
  return {
    reader: await openParticleBoxes(particlesPath, {
      ...reading.particles,
      ...{ list, inverted: contrast.particles.isDark },
    }),
    examples: examples && {
      embedded: (await embedDataSet(embedder, examples.volumes, { adapt, signal })).embedded,
      classes: classesOfList(examples.list, examples.path),
    },
    ...{ grid, contrast },
    adaptation: adapt ? measureAdaptation(sample.volumes, edge) : noAdaptation,
  };
}

/** How examples and particles are read, protein as it is in the files; particles in a tomogram are always cut out of it. */
function readingOf(
  { description: { edge, voxelSizeAngstrom } }: Embedder,
  { voxelSizeAngstrom: fileVoxelSizeAngstrom, tomogramPath, adapt, signal }: SegmentSettings,
): Record<"examples" | "particles", ParticleBoxesOptions> {
  const examples = { edge, voxelSizeAngstrom, fileVoxelSizeAngstrom, tomogramPath, restored: adapt, signal };
  // A box around any position inside the tomogram has at least an eighth of it inside.
  const cutting = tomogramPath !== undefined && { alwaysCut: true, highestOutsideFraction: 0.88 };
  return { examples, particles: { ...examples, ...cutting } };
}
