/** From peaks to candidates: no two on one particle, none where nobody wants any. */

import type { GreyScale, TomogramGrid } from "../../files/tomogram/index.js";
import { GOLD_REACH_ANGSTROM, goldLimit, type Peak, suppressNeighbours } from "../../infer/index.js";
import { breathe } from "../../progress.js";
import type { Quaternion, Vector3 } from "../../volume/index.js";
import { byDepth, createScaledBoxReader } from "./box.js";
import { withinMask } from "./mask.js";
import type { SearchSettings } from "./options.js";

/** A position that may be a particle's. */
export interface Candidate {
  readonly positionAngstrom: Vector3;
  /** The detector's probability of a centre here; 1 for a particle of a list. */
  readonly score: number;
  readonly radiusAngstrom: number;
  /** As its list says. */
  readonly orientation?: Quaternion | undefined;
}

/** How many peaks were dropped, and why. */
export interface Excluded {
  readonly neighbours: number;
  readonly border: number;
  readonly mask: number;
  readonly gold: number;
}

export interface CandidateOptions
  extends Pick<SearchSettings, "spacing" | "borderAngstrom" | "maskPath" | "excludeGold" | "onProgress" | "signal"> {
  readonly scale: GreyScale;
  readonly minimumScore: number;
  readonly workFolder: string;
}

/** @throws FileError, FormatError, ConfigError for the mask; AbortError. */
export async function chooseCandidates(
  peaks: readonly Peak[],
  grid: TomogramGrid,
  options: CandidateOptions,
): Promise<{ readonly candidates: Candidate[]; readonly excluded: Excluded }> {
  const { maskPath, excludeGold } = options;
  const { placed, kept, inside } = choosePeaks(peaks, grid, options);
  const wanted = maskPath === undefined ? inside : await withinMask(inside, maskPath, grid, options);
  const candidates = wanted.map(candidateAt);
  const withoutGold = excludeGold ? await leaveOutGold(candidates, grid, options) : candidates;
  return {
    candidates: withoutGold,
    excluded: {
      neighbours: placed.length - kept.length,
      border: kept.length - inside.length,
      mask: inside.length - wanted.length,
      gold: wanted.length - withoutGold.length,
    },
  };
}

type ChoosePeaks = Pick<CandidateOptions, "minimumScore" | "spacing" | "borderAngstrom">;

/** Candidates of the peaks that are known so far, before anything is read around them. */
export function candidatesSoFar(peaks: readonly Peak[], grid: TomogramGrid, options: ChoosePeaks): Candidate[] {
  return choosePeaks(peaks, grid, options).inside.map(candidateAt);
}

/** Peaks that are high enough; of these those that stay beside better ones; of these those that are far enough from the faces. */
function choosePeaks(
  peaks: readonly Peak[],
  grid: TomogramGrid,
  { minimumScore, spacing, borderAngstrom }: ChoosePeaks,
) {
  const voxel = grid.voxelSizeAngstrom;
  const placed = peaks
    .filter(({ score }) => score >= minimumScore)
    .map(({ positionVoxels: { x, y, z }, score, radiusVoxels }) => ({
      position: { x: x * voxel, y: y * voxel, z: z * voxel },
      score,
      radius: radiusVoxels * voxel,
    }));
  const kept = suppressNeighbours(placed, { spacing });
  return { placed, kept, inside: kept.filter(({ position }) => isInside(position, grid, borderAngstrom)) };
}

interface PlacedPeak {
  readonly position: Vector3;
  readonly score: number;
  readonly radius: number;
}

function candidateAt({ position, score, radius }: PlacedPeak): Candidate {
  return { positionAngstrom: position, score, radiusAngstrom: radius };
}

function isInside({ x, y, z }: Vector3, { fileShape, fileVoxelSizeAngstrom }: TomogramGrid, border: number): boolean {
  const [nz, ny, nx] = fileShape;
  const fits = (at: number, length: number) => at >= border && at <= (length - 1) * fileVoxelSizeAngstrom - border;
  return fits(x, nx) && fits(y, ny) && fits(z, nz);
}

async function leaveOutGold(
  candidates: readonly Candidate[],
  grid: TomogramGrid,
  { scale, onProgress, signal }: CandidateOptions,
): Promise<Candidate[]> {
  const edge = 2 * Math.ceil(GOLD_REACH_ANGSTROM / grid.voxelSizeAngstrom) + 1;
  const positions = candidates.map(({ positionAngstrom }) => positionAngstrom);
  const readBox = createScaledBoxReader(grid, scale, edge, { inOrder: candidates.length });
  const highest = new Float32Array(candidates.length);
  for (const [done, index] of byDepth(positions).entries()) {
    if (done % 256 === 0) {
      onProgress?.({ stage: "looking for gold", done, total: candidates.length });
      await breathe(signal);
    }
    const region = await readBox(positions[index]!);
    for (const value of region) if (value > highest[index]!) highest[index] = value;
  }
  const limit = goldLimit(highest);
  return candidates.filter((_, index) => highest[index]! < limit);
}
