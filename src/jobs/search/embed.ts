/** The boxes around candidates, and what the classifier's network says of them. */
import { openWorkNotes } from "../../files/disk/index.js";
import type { GreyScale, TomogramGrid } from "../../files/tomogram/index.js";
import {
  BOXES_TOGETHER,
  type Embedded,
  type Embedder,
  embedBoxes,
  LEAST_BATCH,
  maskShape,
  SPECTRUM_LENGTH,
} from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import type { Vector3 } from "../../volume/index.js";
import { byDepth, createBoxReader, nearestVoxel } from "./box.js";
import type { SearchSettings } from "./options.js";

/** Size and form of the mask that the network predicts in a box. */
export interface CandidateShape {
  /** Mask centroid minus the box's centre voxel. */
  readonly offsetAngstrom: Vector3;
  /** 0 when no voxel is inside. */
  readonly volumeCubicNanometre: number;
  readonly elongation: number;
}

export interface EmbedCandidatesOptions extends Progress, Pick<SearchSettings, "testTimeAveraging"> {
  readonly scale: GreyScale;
  /** File in which results are noted batch by batch. */
  readonly notesPath: string;
  readonly stage: string;
  /** What is known of boxes already: it is not computed again, and what is new is added. */
  readonly known?: KnownBoxes | undefined;
}

/** What the network says of boxes, all of one tomogram, scale and network, by where they lie. */
export type KnownBoxes = Map<string, Float32Array>;

/** More are not kept: 33 MB. */
const MOST_KNOWN = 8192;
/** Numbers kept of a shape, after the embedding: offset x, y, z, volume, elongation. The spectrum comes last. */
const SHAPE_FIELDS = 5;

/**
 * Embeds the box of the network's edge around each position, cut at the nearest voxel. Beyond the tomogram a box is filled
 * with the mean. Gives, too, how many an earlier run had done.
 * @throws FileError, ModelError, AbortError.
 */
export async function embedCandidates(
  grid: TomogramGrid,
  positions: readonly Vector3[],
  embedder: Embedder,
  options: EmbedCandidatesOptions,
): Promise<{ embedded: Embedded; shapes: CandidateShape[]; resumed: number }> {
  const { scale, testTimeAveraging, notesPath, stage, known, onProgress, signal } = options;
  const { edge, embeddingSize: size } = embedder.description;
  const record = size + SHAPE_FIELDS + SPECTRUM_LENGTH;
  const records = new Float32Array(positions.length * record);
  await using notes = await openWorkNotes(notesPath, 4 * record);
  const resumed = Math.min(notes.earlierBytes / 4 / record, positions.length);
  new Uint8Array(records.buffer).set((await notes.read()).subarray(0, 4 * resumed * record));
  const order = byDepth(positions);
  const keys = positions.map((position) => nearestVoxel(position, grid).join());
  const unknown = order.slice(resumed).filter((index) => !known?.has(keys[index]!));
  const readBox = createBoxReader(grid, scale, edge, { inOrder: unknown.length });
  for (let start = resumed; start < positions.length; start += BOXES_TOGETHER) {
    onProgress?.({ stage, done: start, total: positions.length });
    await breathe(signal);
    const batch = order.slice(start, start + BOXES_TOGETHER);
    const done = records.subarray(start * record, (start + batch.length) * record);
    const before = batch.map((index) => known?.get(keys[index]!));
    const fresh = batch.filter((_, row) => !before[row]);
    const volumes = new Float32Array(fresh.length * edge ** 3);
    for (const [i, index] of fresh.entries()) volumes.set(await readBox(positions[index]!), i * edge ** 3);
    const made = await embedRecords(embedder, volumes, { testTimeAveraging, signal });
    for (const [row, index] of batch.entries()) {
      const own = before[row] ?? made.shift()!;
      done.set(own, row * record);
      if (known && known.size < MOST_KNOWN) known.set(keys[index]!, own);
    }
    await notes.append(new Uint8Array(done.buffer, done.byteOffset, done.byteLength));
  }
  onProgress?.({ stage, done: positions.length, total: positions.length });
  return { ...readRecords(records, order, { size, voxelSizeAngstrom: grid.voxelSizeAngstrom }), resumed };
}

/**
 * What is noted of each box, lengths in voxels. The same to the bit whatever boxes it is computed with, so that a search which
 * knows some of them already gives what one does that knows none.
 */
async function embedRecords(
  embedder: Embedder,
  volumes: Float32Array,
  options: Pick<EmbedCandidatesOptions, "testTimeAveraging" | "signal">,
): Promise<Float32Array[]> {
  const { edge } = embedder.description;
  const voxels = edge ** 3;
  const count = volumes.length / voxels;
  if (count === 0) return [];
  const embedded = await embedBoxes(embedder, atLeast(LEAST_BATCH, volumes, voxels), { spectra: true, ...options });
  return Array.from({ length: count }, (_, i) => recordOf(embedded, i, edge));
}

/** The boxes, the first of them again and again until there are this many. */
function atLeast(least: number, volumes: Float32Array, voxels: number): Float32Array {
  if (volumes.length >= least * voxels) return volumes;
  const enough = new Float32Array(least * voxels);
  enough.set(volumes);
  for (let at = volumes.length; at < enough.length; at += voxels) enough.copyWithin(at, 0, voxels);
  return enough;
}

function recordOf({ embeddings, size, masks, spectra }: Embedded, i: number, edge: number): Float32Array {
  const record = new Float32Array(size + SHAPE_FIELDS + SPECTRUM_LENGTH);
  record.set(embeddings.subarray(i * size, (i + 1) * size));
  if (spectra) record.set(spectra.subarray(i * SPECTRUM_LENGTH, (i + 1) * SPECTRUM_LENGTH), size + SHAPE_FIELDS);
  const shape = masks && maskShape(masks.subarray(i * edge ** 3, (i + 1) * edge ** 3), edge);
  if (!shape) return record;
  const { offsetVoxels: offset, volumeVoxels, elongation } = shape;
  record.set([offset.x, offset.y, offset.z, volumeVoxels, elongation], size);
  return record;
}

/** Of the boxes in the order of their positions; `order` has that of the records. */
function readRecords(
  records: Float32Array,
  order: readonly number[],
  { size, voxelSizeAngstrom }: { readonly size: number; readonly voxelSizeAngstrom: number },
) {
  const record = size + SHAPE_FIELDS + SPECTRUM_LENGTH;
  const embeddings = new Float32Array(order.length * size);
  const spectra = new Float32Array(order.length * SPECTRUM_LENGTH);
  const shapes: CandidateShape[] = [];
  for (const [i, index] of order.entries()) {
    embeddings.set(records.subarray(i * record, i * record + size), index * size);
    spectra.set(records.subarray(i * record + size + SHAPE_FIELDS, (i + 1) * record), index * SPECTRUM_LENGTH);
    const [x = 0, y = 0, z = 0, volume = 0, elongation = 0] = records.subarray(
      i * record + size,
      i * record + size + SHAPE_FIELDS,
    );
    shapes[index] = {
      offsetAngstrom: { x: x * voxelSizeAngstrom, y: y * voxelSizeAngstrom, z: z * voxelSizeAngstrom },
      volumeCubicNanometre: volume * (voxelSizeAngstrom / 10) ** 3,
      elongation,
    };
  }
  return { embedded: { embeddings, size, spectra }, shapes };
}
