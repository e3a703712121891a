import { flip, wedgePreservingRotations } from "../../volume/index.js";
import { BOXES_TOGETHER, type Embedded, type Embedder, type EmbedOptions } from "../embedder.js";
import { SPECTRUM_LENGTH, type Spectra } from "../orientation/spectrum.js";

/**
 * Embeds every box in the four orientations that leave the missing wedge as it is (as given, and rotated by 180° about x, y
 * and z), averages the embeddings and, rotated back, the masks. The embedding is then unit length again. Four times the cost;
 * how an embedding depends on the box's pose is partly averaged out.
 * @param volumes `[count, edge, edge, edge]`, each zero mean and unit variance, protein positive.
 * @throws as `Embedder.embed`.
 */
export async function embedHalfTurns(
  embedder: Embedder,
  volumes: Float32Array,
  { spectra: wanted, onProgress, signal }: EmbedOptions = {},
): Promise<Embedded> {
  const { edge, embeddingSize: size } = embedder.description;
  const voxels = edge ** 3;
  const shape = [edge, edge, edge] as const;
  const count = volumes.length / voxels;
  const embeddings = new Float32Array(count * size);
  let masks: Float32Array | undefined;
  const spectra: Spectra | undefined = wanted ? new Float32Array(count * SPECTRUM_LENGTH) : undefined;
  const rotated = new Float32Array(Math.min(BOXES_TOGETHER, count) * voxels);
  const back = new Float32Array(voxels);
  const weight = 1 / wedgePreservingRotations.length;
  for (let start = 0; start < count; start += BOXES_TOGETHER) {
    const boxes = Math.min(BOXES_TOGETHER, count - start);
    for (const [turn, axes] of wedgePreservingRotations.entries()) {
      for (let i = 0; i < boxes; i++) flip(box(volumes, start + i, voxels), box(rotated, i, voxels), shape, axes);
      const isGiven = turn === 0; // the first rotation is none
      const answer = await embedder.embed(rotated.subarray(0, boxes * voxels), { spectra: wanted && isGiven, signal });
      if (answer.spectra) spectra?.set(answer.spectra, start * SPECTRUM_LENGTH);
      for (let i = 0; i < boxes * size; i++) embeddings[start * size + i] += weight * answer.embeddings[i];
      if (!answer.masks) continue;
      masks ??= new Float32Array(volumes.length);
      for (let i = 0; i < boxes; i++) {
        flip(box(answer.masks, i, voxels), back, shape, axes); // each rotation is its own inverse
        const own = box(masks, start + i, voxels);
        for (let v = 0; v < voxels; v++) own[v] += weight * back[v];
      }
    }
    onProgress?.(start + boxes);
  }
  if (embedder.description.similarity === "cosine") normaliseRows(embeddings, size);
  return { embeddings, size, ...(masks && { masks }), ...(spectra && { spectra }) };
}

function box(volumes: Float32Array, index: number, voxels: number): Float32Array {
  return volumes.subarray(index * voxels, (index + 1) * voxels);
}

/** Rows to unit length; a row of zeros stays. */
export function normaliseRows(rows: Float32Array, size: number): void {
  for (let start = 0; start < rows.length; start += size) {
    let squares = 0;
    for (let i = start; i < start + size; i++) squares += rows[i] ** 2;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = start; i < start + size; i++) rows[i] *= scale;
  }
}
