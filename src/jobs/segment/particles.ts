import { ModelError } from "../../errors.js";
import type { ParticleBoxes, ParticleBoxReader, ParticleGrid } from "../../files/particles/index.js";
import {
  BOXES_TOGETHER,
  type Classification,
  classifyEmbeddings,
  countInside,
  cropMask,
  type Embedded,
  type Embedder,
  type ParticleMask,
  touchesEdge,
} from "../../infer/index.js";
import type { ParticleClasses } from "../../io/index.js";
import { createRandom, type Vector3 } from "../../volume/index.js";
import { type MaskRefinement, refineMasks, startingMasks } from "../masks/index.js";
import type { SegmentSettings } from "./options.js";

/** Pictures of each class in the report. */
const SHOWN_PER_CLASS = 6;

/** What the network and the random field say of one particle. */
export interface SegmentedParticle {
  readonly embedding: Float32Array;
  readonly classIndex: number;
  /** Undefined where the class comes from the list. */
  readonly classification: Classification | undefined;
  readonly mask: ParticleMask;
  readonly grid: ParticleGrid;
  /** Voxels above one half in the network's box, as the network says and as they are used. */
  readonly voxelsBefore: number;
  readonly voxels: number;
  readonly crf: MaskRefinement | undefined;
  /** The mask reaches the edge of the box: the particle may be larger. */
  readonly cutOff: boolean;
}

/** A particle whose box is kept for the report. */
interface ShownParticle {
  readonly index: number;
  readonly volume: Float32Array;
}

export interface SegmentedParticles {
  readonly particles: readonly SegmentedParticle[];
  readonly shown: readonly ShownParticle[];
}

/** Examples with their embeddings and classes. */
export interface Examples {
  readonly embedded: Embedded;
  readonly classes: ParticleClasses;
}

/** What particles are segmented and classified by. */
export interface SegmentTask {
  /** Of the particles; taken from the examples where there are some. */
  readonly classes: ParticleClasses;
  readonly examples: Examples | undefined;
  /** What the CRF takes boxes to have, to which its widths were fitted; boxes of larger particles have larger voxels. */
  readonly crfVoxelSizeAngstrom: number;
}

/**
 * Segments every particle of a list, a few at a time: what stays in memory is a cropped mask of each and a few boxes of each
 * class. Masks that are to be refined together (`joint`) are left as refinement starts from them.
 * @throws ModelError when the model has no decoder; what reading throws; AbortError.
 */
export async function segmentParticles(
  reader: ParticleBoxReader,
  embedder: Embedder,
  task: SegmentTask,
  settings: SegmentSettings,
): Promise<SegmentedParticles> {
  const total = reader.list.particles.length;
  const particles: SegmentedParticle[] = [];
  const shown = createSamples(settings.seed);
  const voxels = embedder.description.edge ** 3;
  for (let from = 0; from < total; from += BOXES_TOGETHER) {
    const boxes = await reader.read(from, Math.min(total, from + BOXES_TOGETHER));
    for (const particle of await segmentBatch(boxes, from, embedder, task, settings)) {
      const [index, start] = [particles.length, (particles.length - from) * voxels];
      shown.offer(particle.classIndex, () => ({ index, volume: boxes.volumes.slice(start, start + voxels) }));
      particles.push(particle);
    }
    settings.onProgress?.({ stage: "segmenting particles", done: particles.length, total });
  }
  return { particles, shown: shown.all() };
}

async function segmentBatch(
  { volumes, grids }: Pick<ParticleBoxes, "volumes" | "grids">,
  first: number,
  embedder: Embedder,
  { classes, examples, crfVoxelSizeAngstrom }: SegmentTask,
  { crf, joint, signal }: SegmentSettings,
): Promise<SegmentedParticle[]> {
  const { description } = embedder;
  const { edge, voxelSizeAngstrom } = description;
  const embedded = await embedder.embed(volumes, { signal });
  const { masks: predicted } = embedded;
  if (predicted === undefined)
    throw new ModelError("this model has no decoder, so it cannot segment particles", {
      hint: "Leave --model out to use the model that ships with cosnet, or train one with its decoder.",
    });
  const { masks, refinements } = joint
    ? { masks: await startingMasks(embedder, volumes, predicted, { crf, signal }), refinements: [] }
    : await refineMasks(embedder, volumes, predicted, { crf, voxelSizeAngstrom: crfVoxelSizeAngstrom, signal });
  const classified =
    examples &&
    classifyEmbeddings(embedded, examples.embedded, examples.classes.indices, {
      classCount: examples.classes.names.length,
      description,
    });
  return grids.map((grid, i): SegmentedParticle => {
    const [from, to] = [i * edge ** 3, (i + 1) * edge ** 3];
    const mask = masks.subarray(from, to);
    const classification = classified?.[i];
    return {
      embedding: embedded.embeddings.slice(i * embedded.size, (i + 1) * embedded.size),
      classIndex: classification?.classIndex ?? classes.indices[first + i]!,
      classification,
      mask: cropMask(mask, edge, { centreAngstrom: boxCentre(grid), voxelSizeAngstrom }),
      grid,
      voxelsBefore: countInside(predicted.subarray(from, to)),
      voxels: countInside(mask),
      crf: refinements[i],
      cutOff: touchesEdge(mask, edge),
    };
  });
}

/** The centre of a box: in its tomogram where it was cut out of one, else from its own first voxel. */
function boxCentre({ centreVoxel, shape: [nz, ny, nx], voxelSizeAngstrom }: ParticleGrid): Vector3 {
  const { x, y, z } = centreVoxel ?? { x: Math.floor(nx / 2), y: Math.floor(ny / 2), z: Math.floor(nz / 2) };
  return { x: x * voxelSizeAngstrom, y: y * voxelSizeAngstrom, z: z * voxelSizeAngstrom };
}

/** A random few of each class, each particle with the same chance (reservoir sampling). */
function createSamples(seed: number) {
  const samples = new Map<number, { seen: number; kept: ShownParticle[] }>();
  const random = createRandom(seed).fork("segment", "report");
  return {
    offer(classIndex: number, particle: () => ShownParticle): void {
      const sample = samples.get(classIndex) ?? { seen: 0, kept: [] };
      samples.set(classIndex, sample);
      sample.seen++;
      if (sample.kept.length < SHOWN_PER_CLASS) sample.kept.push(particle());
      else {
        const index = random.integer(sample.seen);
        if (index < SHOWN_PER_CLASS) sample.kept[index] = particle();
      }
    },
    all: (): ShownParticle[] => [...samples.values()].flatMap(({ kept }) => kept).sort((a, b) => a.index - b.index),
  };
}
