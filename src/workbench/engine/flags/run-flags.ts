/** What about the candidates of a run a person should look at, by what is known of them and by the greys around them. */
import { isCosnetError } from "../../../errors.js";
import { GOLD_REACH_ANGSTROM } from "../../../infer/index.js";
import {
  candidatesOf,
  flagBit,
  type RunFlags,
  type ThumbnailRequest,
  type Thumbnails,
  type VoxelPosition,
} from "../../protocol/index.js";
import type { RunTomogram } from "../runs/example-lists.js";
import type { ReadResults } from "../runs/results.js";
import type { DoneRun } from "../runs/run-file.js";
import { densest, isGold } from "./gold-flags.js";
import { placeFlags } from "./place-flags.js";

type ReadThumbnails = (request: ThumbnailRequest) => Promise<Thumbnails>;

/** Where a tomogram cannot be read any more nothing is said of gold. @throws what is no error of the house. */
export async function runFlags(
  { record, tomograms }: DoneRun,
  { results, list }: ReadResults,
  thumbnails: ReadThumbnails,
): Promise<RunFlags> {
  const candidates = candidatesOf(results);
  const parts: number[] = [];
  for (const tomogram of tomograms) {
    const own = candidates.filter(({ tomogramId }) => tomogramId === tomogram.id);
    const { takenVoxelSizeAngstrom: voxel } = tomogram;
    const placed = own.map(({ position, radiusAngstrom, rejection }) => ({
      ...{ position, radiusVoxels: radiusAngstrom / voxel, isPick: rejection === "pick" },
    }));
    const flags = placeFlags(placed, tomogram.shape);
    const isDark = list.particles.some(
      ({ tomogramName, extra }) => tomogramName === tomogram.name && extra.cosnetContrast === "dark",
    );
    const positions = own.map(({ position }) => position);
    const gold = await goldAt(positions, tomogram, { isDark, thumbnails });
    for (const [index, isOnGold] of gold.entries()) if (isOnGold) flags[index]! |= flagBit("gold");
    for (const bits of flags) parts.push(bits);
  }
  return { runId: record.id, flags: Uint8Array.from(parts) };
}

const POSITIONS_AT_ONCE = 400;

async function goldAt(
  positions: readonly VoxelPosition[],
  { id, takenVoxelSizeAngstrom }: RunTomogram,
  { isDark, thumbnails }: { readonly isDark: boolean; readonly thumbnails: ReadThumbnails },
): Promise<boolean[]> {
  const edgeVoxels = 2 * Math.ceil(GOLD_REACH_ANGSTROM / takenVoxelSizeAngstrom) + 1;
  const heights: number[] = [];
  try {
    for (let from = 0; from < positions.length; from += POSITIONS_AT_ONCE) {
      const some = positions.slice(from, from + POSITIONS_AT_ONCE);
      const read = await thumbnails({ tomogramId: id, positions: some, edgeVoxels });
      for (const height of densest(read, isDark)) heights.push(height);
    }
  } catch (error) {
    if (!isCosnetError(error)) throw error;
    return [];
  }
  return isGold(Float32Array.from(heights));
}
