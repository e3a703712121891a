import { nodeRuntime } from "../../files/model/index.js";
import {
  type CommonMask,
  createMaskCombiner,
  type Embedded,
  endsOfTilts,
  LEAST_LIKE,
  type MaskedBox,
  wedgeWeight,
} from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import type { TiltGeometry } from "../../volume/index.js";

/** Particles of several classes, with masks to be made of those of like particles, too. */
export interface ClassedMasks {
  /** Class of each particle. */
  readonly labels: ArrayLike<number>;
  readonly embedded: Pick<Embedded, "embeddings" | "size">;
  /** Boxes, protein positive, and masks of some of them. */
  readonly read: (rows: readonly number[]) => Promise<readonly MaskedBox[]>;
  /** Takes a particle's new mask; of particles whose mask stays none. */
  readonly take: (row: number, mask: Float32Array) => void;
}

export interface CommonMasksOptions extends Progress {
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  /** Of the boxes; undefined where nothing is missing. */
  readonly geometry: TiltGeometry | undefined;
}

/** Of each class so many particles, those that are most like the rest of it, say what its mask is. */
const MOST_TEACHERS = 40;
/** Particles that are read together. */
const TOGETHER = 16;

/**
 * Gives particles masks that are made of their own and those of the particles of their class that are likest to each other. Masks of
 * classes with too few particles, and of particles that are not like their class, stay. The order of the particles counts, nothing else.
 * @returns how many masks are new. @throws ModelError, AbortError, and as `read` does.
 */
export async function combineMasks(
  { labels, embedded, read, take }: ClassedMasks,
  { edge, voxelSizeAngstrom, geometry, onProgress, signal }: CommonMasksOptions,
): Promise<number> {
  const weight = geometry
    ? wedgeWeight(edge, endsOfTilts([-geometry.tiltDegrees, geometry.tiltDegrees], geometry))
    : new Float32Array(edge * edge * (Math.floor(edge / 2) + 1)).fill(1);
  await using combiner = await createMaskCombiner(nodeRuntime, { edge, voxelSizeAngstrom, weight });
  const classes = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const rows = classes.get(labels[row]!) ?? [];
    rows.push(row);
    classes.set(labels[row]!, rows);
  }
  const commons = new Map<number, CommonMask>();
  let learned = 0;
  for (const [label, rows] of classes) {
    onProgress?.({ stage: "finding what masks have in common", done: learned++, total: classes.size });
    if (rows.length < LEAST_LIKE) continue;
    const common = await combiner.learn(await read(mostTypical(rows, embedded)), signal);
    if (common) commons.set(label, common);
  }
  let combined = 0;
  for (let from = 0; from < labels.length; from += TOGETHER) {
    const rows = Array.from({ length: Math.min(TOGETHER, labels.length - from) }, (_, i) => from + i);
    for (const [i, box] of (rows.some((row) => commons.has(labels[row]!)) ? await read(rows) : []).entries()) {
      await breathe(signal);
      const common = commons.get(labels[from + i]!);
      const mask = common && (await combiner.combine(box, common));
      if (!mask) continue;
      take(from + i, mask);
      combined++;
    }
    onProgress?.({ stage: "combining masks of like particles", done: from + rows.length, total: labels.length });
  }
  return combined;
}

/** `combineMasks` of boxes `[count, edge, edge, edge]` in memory: all masks, and how many are new. @throws ModelError, AbortError. */
export async function combineMasksOf(
  {
    volumes,
    masks,
    ...classed
  }: Omit<ClassedMasks, "read" | "take"> & Readonly<Record<"volumes" | "masks", Float32Array>>,
  options: CommonMasksOptions,
): Promise<{ readonly masks: Float32Array; readonly combined: number }> {
  const voxels = options.edge ** 3;
  const all = masks.slice();
  const boxOf = (boxes: Float32Array, row: number) => boxes.subarray(row * voxels, (row + 1) * voxels);
  const combined = await combineMasks(
    {
      ...classed,
      read: async (rows) => rows.map((row) => ({ volume: boxOf(volumes, row), mask: boxOf(masks, row) })),
      take: (row, mask) => all.set(mask, row * voxels),
    },
    options,
  );
  return { masks: all, combined };
}

/** The rows whose embeddings are most like the mean of all, the most typical first. */
function mostTypical(
  rows: readonly number[],
  { embeddings, size }: Pick<Embedded, "embeddings" | "size">,
): readonly number[] {
  const mean = new Float64Array(size);
  for (const row of rows) for (let k = 0; k < size; k++) mean[k]! += embeddings[row * size + k]!;
  const likeness = new Map(
    rows.map((row) => [row, mean.reduce((sum, value, k) => sum + value * embeddings[row * size + k]!, 0)]),
  );
  return [...rows].sort((a, b) => likeness.get(b)! - likeness.get(a)! || a - b).slice(0, MOST_TEACHERS);
}
