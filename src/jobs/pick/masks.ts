import type { StagedFiles } from "../../files/disk/index.js";
import { adaptedEmbedder, insideMask } from "../../infer/index.js";
import { writeMrc } from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import { createVolume, type Volume } from "../../volume/index.js";
import { createBoxReader } from "../search/index.js";
import type { PickedCandidate, PickedTomogram } from "./picked-tomogram.js";

/** Writes the mask of every pick as 0 and 1, on the box of searched voxels that was cut around it. @throws FileError, AbortError. */
export async function writeMasks(
  files: StagedFiles,
  tomograms: readonly PickedTomogram[],
  { signal, onProgress }: Progress,
): Promise<void> {
  for (const [index, { candidates }] of tomograms.entries())
    for (const [i, candidate] of candidates.entries()) {
      if (!candidate.accepted) continue;
      onProgress?.({ stage: "writing masks", done: i, total: candidates.length });
      await breathe(signal);
      const { volume, mask } = await boxOf(candidate, { signal });
      if (!mask) return;
      const binary = createVolume(volume.shape, volume.voxelSizeAngstrom, insideMask(mask));
      await files.write(maskNameOf(index, i), writeMrc(binary, { mode: 0 }));
    }
}

/** The box around a candidate at the voxels at which it was found, and its mask as the network predicts it. */
export async function boxOf(
  { search, positionAngstrom }: PickedCandidate,
  { signal }: Pick<Progress, "signal">,
): Promise<{ readonly volume: Volume; readonly mask: Float32Array | undefined }> {
  const { searched, networks } = search;
  const { grid, scale, adaptation } = searched;
  const { edge } = networks.embedder.description;
  const box = await createBoxReader(grid, scale, edge)(positionAngstrom);
  const { masks } = await adaptedEmbedder(networks.embedder, adaptation).embed(box, { signal });
  return { volume: createVolume([edge, edge, edge], grid.voxelSizeAngstrom, box), mask: masks };
}

/** The mask file of a candidate, counted from 1 as in candidates order. */
export function maskNameOf(tomogram: number, candidate: number): string {
  return `masks/${String(tomogram + 1).padStart(3, "0")}-${String(candidate + 1).padStart(6, "0")}.mrc`;
}
