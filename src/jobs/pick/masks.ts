import type { StagedFiles } from "../../files/disk/index.js";
import { adaptedEmbedder, type Embedder } from "../../infer/index.js";
import { writeMrc } from "../../io/index.js";
import { breathe } from "../../progress.js";
import { createVolume } from "../../volume/index.js";
import { createBoxReader } from "../search/index.js";
import type { PickedTomogram } from "./lists.js";
import type { PickOptions } from "./options.js";

/** The outline of every pick as 0 and 1, in the box of searched voxels that was cut around it. */
export async function writeMasks(
  files: StagedFiles,
  tomograms: readonly PickedTomogram[],
  embedder: Embedder,
  { signal, onProgress }: PickOptions,
): Promise<void> {
  const { edge } = embedder.description;
  for (const [index, { searched, identified }] of tomograms.entries()) {
    const readBox = createBoxReader(searched.grid, searched.scale, edge);
    const adapted = adaptedEmbedder(embedder, searched.adaptation);
    const total = searched.candidates.length;
    for (const [i, { positionAngstrom }] of searched.candidates.entries()) {
      if (!identified.accepted[i]) continue;
      onProgress?.({ stage: "writing masks", done: i, total });
      await breathe(signal);
      const { masks } = await adapted.embed(await readBox(positionAngstrom), { signal });
      if (!masks) return;
      const binary = createVolume(
        [edge, edge, edge],
        searched.grid.voxelSizeAngstrom,
        masks.map((p) => (p > 0.5 ? 1 : 0)),
      );
      await files.write(maskNameOf(index, i), writeMrc(binary, { mode: 0 }));
    }
  }
}

/** The mask file of a candidate, counted from 1 as in candidates order. */
export function maskNameOf(tomogram: number, candidate: number): string {
  return `masks/${String(tomogram + 1).padStart(3, "0")}-${String(candidate + 1).padStart(6, "0")}.mrc`;
}
