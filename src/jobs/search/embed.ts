/** The boxes around candidates, and what the classifier's network says of them. */
import { type FileHandle, open, readFile, truncate } from "node:fs/promises";
import { fileError } from "../../files/disk/index.js";
import { createRegionReader, type GreyScale, type TomogramGrid } from "../../files/tomogram/index.js";
import { type Embedded, type Embedder, embedHalfTurns, maskShape } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import { centreIndex, normaliseInPlace, type Vector3 } from "../../volume/index.js";

/** Size and form of the particle that the network outlines in a box. */
export interface CandidateShape {
  /** Mask centroid minus the box's centre voxel. */
  readonly offsetAngstrom: Vector3;
  /** 0 when no voxel is inside. */
  readonly volumeCubicNanometre: number;
  readonly elongation: number;
}

export interface EmbedCandidatesOptions extends Progress {
  readonly scale: GreyScale;
  /** Average over the half turns that leave the missing wedge as it is. */
  readonly halfTurns: boolean;
  /** File in which results are noted batch by batch; without it nothing is kept. */
  readonly notesPath?: string | undefined;
  readonly stage: string;
}

export interface EmbeddedCandidates {
  readonly embedded: Embedded;
  readonly shapes: readonly CandidateShape[];
  /** How many an earlier run had done. */
  readonly resumed: number;
}

const BATCH = 32;
/** Numbers kept of a shape: offset x, y, z, volume, elongation. */
const SHAPE_FIELDS = 5;

/**
 * Embeds the box of the network's edge around each position, cut at the nearest voxel. Beyond the tomogram a box is filled
 * with the mean.
 * @throws FileError, ModelError, AbortError.
 */
export async function embedCandidates(
  grid: TomogramGrid,
  positions: readonly Vector3[],
  embedder: Embedder,
  options: EmbedCandidatesOptions,
): Promise<EmbeddedCandidates> {
  const { scale, halfTurns, notesPath, stage, onProgress, signal } = options;
  const { edge, embeddingSize: size } = embedder.description;
  const record = size + SHAPE_FIELDS;
  const notes = new Float32Array(positions.length * record);
  const resumed = notesPath === undefined ? 0 : await readNotes(notesPath, notes, record);
  const readBox = createBoxReader(grid, scale, edge);
  let file: FileHandle | undefined;
  try {
    if (notesPath !== undefined) file = await open(notesPath, "a");
    for (let start = resumed; start < positions.length; start += BATCH) {
      onProgress?.({ stage, done: start, total: positions.length });
      await breathe(signal);
      const batch = positions.slice(start, start + BATCH);
      const volumes = new Float32Array(batch.length * edge ** 3);
      for (const [i, position] of batch.entries()) volumes.set(await readBox(position), i * edge ** 3);
      const answer = halfTurns
        ? await embedHalfTurns(embedder, volumes, { signal })
        : await embedder.embed(volumes, { signal });
      for (let i = 0; i < batch.length; i++) {
        notes.set(answer.embeddings.subarray(i * size, (i + 1) * size), (start + i) * record);
        const shape = answer.masks && maskShape(answer.masks.subarray(i * edge ** 3, (i + 1) * edge ** 3), edge);
        if (!shape) continue;
        const { offsetVoxels: offset, volumeVoxels, elongation } = shape;
        notes.set([offset.x, offset.y, offset.z, volumeVoxels, elongation], (start + i) * record + size);
      }
      const done = new Uint8Array(notes.buffer, 4 * start * record, 4 * batch.length * record);
      await file?.appendFile(done);
    }
  } catch (cause) {
    if (notesPath !== undefined && cause instanceof Error && "code" in cause)
      throw fileError(notesPath, "written", cause);
    throw cause;
  } finally {
    await file?.close();
  }
  onProgress?.({ stage, done: positions.length, total: positions.length });
  const embeddings = new Float32Array(positions.length * size);
  const shapes = positions.map((_, i): CandidateShape => {
    embeddings.set(notes.subarray(i * record, i * record + size), i * size);
    const [x, y, z, volume, elongation] = notes.subarray(i * record + size, (i + 1) * record) as unknown as number[];
    const voxel = grid.voxelSizeAngstrom;
    return {
      offsetAngstrom: { x: x! * voxel, y: y! * voxel, z: z! * voxel },
      volumeCubicNanometre: volume! * (voxel / 10) ** 3,
      elongation: elongation!,
    };
  });
  return { embedded: { embeddings, size }, shapes, resumed };
}

/** Records of an earlier run, as far as they are whole; what was cut short is cut off. */
async function readNotes(path: string, notes: Float32Array, record: number): Promise<number> {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return 0;
  const whole = Math.min(Math.floor(bytes.byteLength / 4 / record), notes.length / record);
  new Uint8Array(notes.buffer).set(bytes.subarray(0, 4 * whole * record));
  await truncate(path, 4 * whole * record);
  return whole;
}

/** The box around a position as the network takes it: zero mean, unit variance, protein positive. */
export function createBoxReader(grid: TomogramGrid, scale: GreyScale, edge: number) {
  const read = createRegionReader(grid, scale);
  return async (position: Vector3): Promise<Float32Array> => {
    const corner = [position.z, position.y, position.x].map(
      (value) => Math.round(value / grid.voxelSizeAngstrom) - centreIndex(edge),
    ) as [number, number, number];
    const box = await read(corner, edge);
    normaliseInPlace(box);
    return box;
  };
}
