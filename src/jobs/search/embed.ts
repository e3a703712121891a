/** The boxes around candidates, and what the classifier's network says of them. */
import { openWorkNotes } from "../../files/disk/index.js";
import type { GreyScale, TomogramGrid } from "../../files/tomogram/index.js";
import { type Embedded, type Embedder, embedBoxes, maskShape, SPECTRUM_LENGTH } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import type { Vector3 } from "../../volume/index.js";
import { byDepth, createBoxReader } from "./box.js";
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
}

const BATCH = 32;
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
  const { scale, testTimeAveraging, notesPath, stage, onProgress, signal } = options;
  const { edge, embeddingSize: size } = embedder.description;
  const record = size + SHAPE_FIELDS + SPECTRUM_LENGTH;
  const records = new Float32Array(positions.length * record);
  await using notes = await openWorkNotes(notesPath, 4 * record);
  const resumed = Math.min(notes.earlierBytes / 4 / record, positions.length);
  new Uint8Array(records.buffer).set((await notes.read()).subarray(0, 4 * resumed * record));
  const order = byDepth(positions);
  const readBox = createBoxReader(grid, scale, edge, { inOrder: positions.length - resumed });
  for (let start = resumed; start < positions.length; start += BATCH) {
    onProgress?.({ stage, done: start, total: positions.length });
    await breathe(signal);
    const batch = order.slice(start, start + BATCH);
    const volumes = new Float32Array(batch.length * edge ** 3);
    for (const [i, index] of batch.entries()) volumes.set(await readBox(positions[index]!), i * edge ** 3);
    const done = records.subarray(start * record, (start + batch.length) * record);
    fillRecords(done, await embedBoxes(embedder, volumes, { spectra: true, testTimeAveraging, signal }), edge);
    await notes.append(new Uint8Array(done.buffer, done.byteOffset, done.byteLength));
  }
  onProgress?.({ stage, done: positions.length, total: positions.length });
  return { ...readRecords(records, order, { size, voxelSizeAngstrom: grid.voxelSizeAngstrom }), resumed };
}

/** Lengths in voxels. */
function fillRecords(records: Float32Array, { embeddings, size, masks, spectra }: Embedded, edge: number): void {
  const record = size + SHAPE_FIELDS + SPECTRUM_LENGTH;
  for (let i = 0; i < records.length / record; i++) {
    records.set(embeddings.subarray(i * size, (i + 1) * size), i * record);
    if (spectra)
      records.set(spectra.subarray(i * SPECTRUM_LENGTH, (i + 1) * SPECTRUM_LENGTH), i * record + size + SHAPE_FIELDS);
    const shape = masks && maskShape(masks.subarray(i * edge ** 3, (i + 1) * edge ** 3), edge);
    if (!shape) continue;
    const { offsetVoxels: offset, volumeVoxels, elongation } = shape;
    records.set([offset.x, offset.y, offset.z, volumeVoxels, elongation], i * record + size);
  }
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
