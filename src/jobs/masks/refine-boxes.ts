import { ModelError } from "../../errors.js";
import type { ParticleBoxReader, ParticleGrid } from "../../files/particles/index.js";
import {
  averagedMasks,
  type Classification,
  classifyEmbeddings,
  type Embedded,
  type Embedder,
  type RefinedMask,
  refineMask,
} from "../../infer/index.js";
import type { ParticleClasses } from "../../io/index.js";
import { breathe, DEFAULT_SEED, type Progress } from "../../progress.js";
import { createRandom, type Vector3 } from "../../volume/index.js";
import { type CrfChoice, crfParameters } from "./crf.js";
import { cropMask, type ParticleMask } from "./region.js";

/** Particles whose boxes are in memory together. */
const BATCH = 64;
/** Pictures of each class in the report. */
const SHOWN_PER_CLASS = 6;

/** What the network and the random field say of one particle. */
export interface SegmentedParticle {
  readonly classIndex: number;
  /** Undefined where the class comes from the list. */
  readonly classification: Classification | undefined;
  readonly mask: ParticleMask;
  readonly grid: ParticleGrid;
  /** Voxels above one half in the network's box, as the network says and as they are used. */
  readonly voxelsBefore: number;
  readonly voxels: number;
  readonly crf: Omit<RefinedMask, "probability"> | undefined;
  /** The mask reaches the edge of the box: the particle may be larger. */
  readonly cutOff: boolean;
}

/** A particle whose box is kept for the report. */
export interface ShownParticle {
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

/**
 * Outlines every particle of a list, a few at a time: what stays in memory is a cropped mask of each and a few boxes of each
 * class.
 * @param classes of the particles; taken from the examples where there are some.
 * @param averaged start from masks averaged over half turns.
 * @param crfVoxelSizeAngstrom what the CRF takes boxes to have, to which its widths were fitted; boxes of larger particles
 * have larger voxels.
 * @throws ModelError when the model has no decoder; what reading throws; AbortError.
 */
export async function segmentParticles(
  reader: ParticleBoxReader,
  embedder: Embedder,
  {
    classes,
    examples,
    averaged,
    crfVoxelSizeAngstrom,
    options,
  }: {
    classes: ParticleClasses;
    examples?: Examples | undefined;
    averaged: boolean;
    crfVoxelSizeAngstrom: number;
    options: Progress & { readonly crf?: CrfChoice; readonly seed?: number };
  },
): Promise<SegmentedParticles> {
  const { signal, onProgress, crf = "fitted", seed = DEFAULT_SEED } = options;
  const { edge, voxelSizeAngstrom } = embedder.description;
  const parameters = crfParameters(crf);
  const total = reader.list.particles.length;
  const particles: SegmentedParticle[] = [];
  const shown = createSamples(seed);
  for (let from = 0; from < total; from += BATCH) {
    const to = Math.min(total, from + BATCH);
    const { volumes, grids } = await reader.read(from, to);
    const embedded = await embedder.embed(volumes, signal === undefined ? {} : { signal });
    const { masks } = embedded;
    if (masks === undefined)
      throw new ModelError("this model has no decoder, so it cannot outline particles", {
        hint: "Leave --model out to use the model that ships with cosnet, or train one with its decoder.",
      });
    const starts = averaged ? await averagedMasks(embedder, volumes, masks, { signal }) : masks;
    const classified =
      examples &&
      classifyEmbeddings(embedded, examples.embedded, examples.classes.indices, {
        classCount: examples.classes.names.length,
        description: embedder.description,
      });
    for (let index = from; index < to; index++) {
      const [start, end] = [(index - from) * edge ** 3, (index - from + 1) * edge ** 3];
      const volume = volumes.subarray(start, end);
      const raw = starts.subarray(start, end);
      const refined =
        parameters &&
        refineMask(raw, volume, {
          ...{ shape: [edge, edge, edge], parameters },
          voxelSizeAngstrom: crfVoxelSizeAngstrom,
        });
      const mask = refined?.probability ?? raw;
      const grid = grids[index - from]!;
      const classification = classified?.[index - from];
      const classIndex = classification?.classIndex ?? classes.indices[index]!;
      const { probability: _, ...crfReport } = refined ?? { probability: mask };
      particles.push({
        classIndex,
        classification,
        mask: cropMask(mask, edge, { centreAngstrom: boxCentre(grid), voxelSizeAngstrom }),
        grid,
        voxelsBefore: countInside(masks.subarray(start, end)),
        voxels: countInside(mask),
        crf: refined && (crfReport as SegmentedParticle["crf"]),
        cutOff: touchesEdge(mask, edge),
      });
      shown.offer(classIndex, () => ({ index, volume: volume.slice() }));
      onProgress?.({ stage: "outlining particles", done: index + 1, total });
      if (index % 8 === 7) await breathe(signal);
    }
  }
  return { particles, shown: shown.all() };
}

/** The centre of a box: in its tomogram where it was cut out of one, else from its own first voxel. */
function boxCentre({ centreVoxel, shape: [nz, ny, nx], voxelSizeAngstrom }: ParticleGrid): Vector3 {
  const { x, y, z } = centreVoxel ?? { x: Math.floor(nx / 2), y: Math.floor(ny / 2), z: Math.floor(nz / 2) };
  return { x: x * voxelSizeAngstrom, y: y * voxelSizeAngstrom, z: z * voxelSizeAngstrom };
}

function countInside(mask: Float32Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i]! > 0.5) count++;
  return count;
}

function touchesEdge(mask: Float32Array, edge: number): boolean {
  const last = edge - 1;
  for (let a = 0; a < edge; a++)
    for (let b = 0; b < edge; b++)
      for (const c of [0, last])
        if (
          mask[(c * edge + a) * edge + b]! > 0.5 ||
          mask[(a * edge + c) * edge + b]! > 0.5 ||
          mask[(a * edge + b) * edge + c]! > 0.5
        )
          return true;
  return false;
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
        const place = random.integer(sample.seen);
        if (place < SHOWN_PER_CLASS) sample.kept[place] = particle();
      }
    },
    all: (): ShownParticle[] => [...samples.values()].flatMap(({ kept }) => kept).sort((a, b) => a.index - b.index),
  };
}
