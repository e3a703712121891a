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
import { median, type TiltGeometry } from "../../volume/index.js";

/** Particles of several classes, with masks to be made of those of like particles, too. */
export interface ClassedMasks {
  /** Class of each particle. */
  readonly labels: ArrayLike<number>;
  /** What the classes are called, by label. */
  readonly names: readonly string[];
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
  readonly geometry: Pick<TiltGeometry, "beamAxis" | "tiltAxis" | "tiltDegrees"> | undefined;
  /** Told of classes that look like mixtures, whose masks stay. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** Of each class so many particles, those that are most like the rest of it, say what its mask is. */
const MOST_TEACHERS = 40;
/** See `alikeOf`: spreads below the median that are still of the class, the smallest spread, and rounds of leaving out what is not. */
const [MOST_SPREADS, LEAST_SPREAD, ROUNDS] = [2, 0.025, 3] as const;
/**
 * Mean cosine of the embeddings of two particles of a class, below which it is a mixture. At SNR 0.5 and 0.1 it is .89 and .85 or more in
 * validation complexes, .54 and .76 of 13 of them in one class, .67 and .76 in the median of four in one class.
 */
const LEAST_LIKENESS = 0.8;
/** Particles that are read together. */
const TOGETHER = 16;

/**
 * Gives particles masks that are made of their own and those of the particles of their class that are likest to each other. Masks of
 * classes with too few particles or of different things, and of particles that are not like their class, stay. The order of the particles counts, nothing else.
 * @returns how many masks are new. @throws ModelError, AbortError, and as `read` does.
 */
export async function combineMasks(
  { labels, names, embedded, read, take }: ClassedMasks,
  { edge, voxelSizeAngstrom, geometry, onProgress, onWarning, signal }: CommonMasksOptions,
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
  /** What the class of a row has in common, where the row is like it. */
  const commons = new Map<number, CommonMask>();
  let learned = 0;
  for (const [label, rows] of classes) {
    onProgress?.({ stage: "finding what masks have in common", done: learned++, total: classes.size });
    const alike = alikeOf(rows, embedded);
    if (alike.length < LEAST_LIKE) continue;
    if (likenessOf(alike, embedded) < LEAST_LIKENESS) {
      onWarning?.(
        `the particles of class ${names[label]} look like different things, so their masks stay their own; give --examples of each, or group them with cosnet cluster, and name them by what they are`,
      );
      continue;
    }
    const common = await combiner.learn(await read(alike.slice(0, MOST_TEACHERS)), signal);
    if (common) for (const row of alike) commons.set(row, common);
  }
  let combined = 0;
  for (let from = 0; from < labels.length; from += TOGETHER) {
    const rows = Array.from({ length: Math.min(TOGETHER, labels.length - from) }, (_, i) => from + i);
    for (const [i, box] of (rows.some((row) => commons.has(row)) ? await read(rows) : []).entries()) {
      await breathe(signal);
      const common = commons.get(from + i);
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

/**
 * The particles of a class that look like most of it by their embeddings, the likest first. False ones lie far below the median likeness to
 * the mean, true ones around it, so the spread is measured above it. Of classes of which a third were others' particles 98, 98 and 92 % of
 * the true were kept, and 2, 1 and 17 % of the others (validation complexes without noise, at SNR 0.5 and 0.1).
 */
function alikeOf(rows: readonly number[], { embeddings, size }: Pick<Embedded, "embeddings" | "size">): number[] {
  const embeddingOf = (row: number) => embeddings.subarray(row * size, (row + 1) * size);
  let alike = [...rows];
  for (let round = 0; round < ROUNDS; round++) {
    const mean = new Float64Array(size);
    for (const row of alike) for (const [k, value] of embeddingOf(row).entries()) mean[k]! += value;
    const likeness = new Map(rows.map((row) => [row, cosine(mean, embeddingOf(row))]));
    const middle = median([...likeness.values()]);
    const above = [...likeness.values()].filter((value) => value >= middle).map((value) => value - middle);
    const least = middle - MOST_SPREADS * Math.max(LEAST_SPREAD, median(above));
    alike = rows
      .filter((row) => likeness.get(row)! >= least)
      .sort((a, b) => likeness.get(b)! - likeness.get(a)! || a - b);
  }
  return alike;
}

/** Mean cosine of the embeddings of two of the particles. */
function likenessOf(rows: readonly number[], { embeddings, size }: Pick<Embedded, "embeddings" | "size">): number {
  let squares = 0; // embeddings have length 1: the sum over all pairs is the squared length of their sum
  for (let k = 0; k < size; k++) squares += rows.reduce((sum, row) => sum + embeddings[row * size + k]!, 0) ** 2;
  return (squares - rows.length) / (rows.length * (rows.length - 1));
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let k = 0; k < a.length; k++) {
    product += a[k]! * b[k]!;
    squaresA += a[k]! ** 2;
    squaresB += b[k]! ** 2;
  }
  return product / Math.sqrt(squaresA * squaresB || 1);
}
