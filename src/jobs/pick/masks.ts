import type { StagedFiles } from "../../files/disk/index.js";
import { adaptedEmbedder, type Embedder, insideMask } from "../../infer/index.js";
import { writeMrc } from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import { createVolume } from "../../volume/index.js";
import { createBoxReader } from "../search/index.js";
import type { PickedTomogram } from "./identify.js";

/** Writes the mask of every pick as 0 and 1, on the box of searched voxels that was cut around it. @throws FileError, AbortError. */
export async function writeMasks(
  files: StagedFiles,
  tomograms: readonly PickedTomogram[],
  embedder: Embedder,
  { signal, onProgress }: Progress,
): Promise<void> {
  const { edge } = embedder.description;
  for (const [index, { searched, candidates }] of tomograms.entries()) {
    const { grid, scale, adaptation } = searched;
    const readBox = createBoxReader(grid, scale, edge);
    const adapted = adaptedEmbedder(embedder, adaptation);
    for (const [i, { positionAngstrom, accepted }] of candidates.entries()) {
      if (!accepted) continue;
      onProgress?.({ stage: "writing masks", done: i, total: candidates.length });
      await breathe(signal);
      const { masks } = await adapted.embed(await readBox(positionAngstrom), { signal });
      if (!masks) return;
      const binary = createVolume([edge, edge, edge], grid.voxelSizeAngstrom, insideMask(masks));
      await files.write(maskNameOf(index, i), writeMrc(binary, { mode: 0 }));
    }
  }
}

/** The mask file of a candidate, counted from 1 as in candidates order. */
export function maskNameOf(tomogram: number, candidate: number): string {
  return `masks/${String(tomogram + 1).padStart(3, "0")}-${String(candidate + 1).padStart(6, "0")}.mrc`;
}
