/** From peaks to candidates: no two on one particle, none where nobody wants any. */

import { createRegionReader, type GreyScale, openTomogramGrid, type TomogramGrid } from "../../files/tomogram/index.js";
import { type Peak, suppressNeighbours } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import type { Vector3 } from "../../volume/index.js";

/** A place that may be a particle. */
export interface Candidate {
  readonly positionAngstrom: Vector3;
  /** The detector's probability of a centre here. */
  readonly score: number;
  readonly radiusAngstrom: number;
}

/** How many peaks were dropped, and why. */
export interface Excluded {
  readonly neighbours: number;
  readonly border: number;
  readonly mask: number;
  readonly gold: number;
}

export interface CandidateOptions extends Progress {
  readonly scale: GreyScale;
  readonly minimumScore: number;
  /** Two centres are not nearer than this share of the sum of their radii. */
  readonly spacing: number;
  /** Centres nearer to a face of the tomogram are left out. */
  readonly borderAngstrom: number;
  /** Volume whose voxels above one half say where to look. */
  readonly maskPath?: string | undefined;
  /** Leave out gold: far denser than the other candidates. */
  readonly excludeGold: boolean;
  readonly workFolder: string;
}

/** @throws FileError, FormatError, ConfigError for the mask; AbortError. */
export async function chooseCandidates(
  peaks: readonly Peak[],
  grid: TomogramGrid,
  options: CandidateOptions,
): Promise<{ readonly candidates: Candidate[]; readonly excluded: Excluded }> {
  const { minimumScore, spacing, borderAngstrom, maskPath, excludeGold } = options;
  const voxel = grid.voxelSizeAngstrom;
  const placed = peaks
    .filter(({ score }) => score >= minimumScore)
    .map(({ positionVoxels: { x, y, z }, score, radiusVoxels }) => ({
      position: { x: x * voxel, y: y * voxel, z: z * voxel },
      score,
      radius: radiusVoxels * voxel,
    }));
  const kept = suppressNeighbours(placed, { spacing }).map((index) => placed[index]!);
  const inside = kept.filter(({ position }) => isInside(position, grid, borderAngstrom));
  const wanted = maskPath === undefined ? inside : await withinMask(inside, maskPath, grid, options);
  const candidates = wanted.map(({ position, score, radius }) => ({
    positionAngstrom: position,
    score,
    radiusAngstrom: radius,
  }));
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

function isInside({ x, y, z }: Vector3, { fileShape, fileVoxelSizeAngstrom }: TomogramGrid, border: number): boolean {
  const [nz, ny, nx] = fileShape;
  return [
    [x, nx],
    [y, ny],
    [z, nz],
  ].every(([at, length]) => at! >= border && at! <= (length! - 1) * fileVoxelSizeAngstrom - border);
}

/** The mask may have any voxel size, but its first voxel is the tomogram's. */
async function withinMask<T extends { readonly position: Vector3 }>(
  placed: readonly T[],
  maskPath: string,
  { voxelSizeAngstrom, fileShape, fileVoxelSizeAngstrom }: TomogramGrid,
  { workFolder, onProgress, signal }: CandidateOptions,
): Promise<T[]> {
  const opening = { workFolder: `${workFolder}/mask`, onProgress, signal };
  // A mask of the tomogram's own shape is on its voxels, whatever its header says: masks are often written without one.
  const stated = await openTomogramGrid(maskPath, { ...opening, voxelSizeAngstrom, fileVoxelSizeAngstrom }).catch(
    () => undefined,
  );
  const sameShape = stated?.fileShape.join() === fileShape.join();
  if (!sameShape) await stated?.close();
  const mask = sameShape ? stated! : await openTomogramGrid(maskPath, { ...opening, voxelSizeAngstrom });
  try {
    const order = placed.map((_, index) => index).sort((a, b) => placed[a]!.position.z - placed[b]!.position.z);
    const keep = new Uint8Array(placed.length);
    const [nz, ny, nx] = mask.shape;
    let section: { z: number; values: Float32Array } | undefined;
    for (const index of order) {
      const { x, y, z } = placed[index]!.position;
      const [ix, iy, iz] = [x, y, z].map((value) => Math.round(value / mask.voxelSizeAngstrom)) as [
        number,
        number,
        number,
      ];
      if (ix < 0 || iy < 0 || iz < 0 || ix >= nx || iy >= ny || iz >= nz) continue;
      if (section?.z !== iz) section = { z: iz, values: await mask.rows(iz, 0, ny) };
      keep[index] = section.values[iy * nx + ix]! > 0.5 ? 1 : 0;
    }
    return placed.filter((_, index) => keep[index] === 1);
  } finally {
    await mask.close();
  }
}

/**
 * Gold scatters so much more than protein that its densest voxel stands far above any particle's: a candidate whose highest
 * value within reach exceeds three times what nine tenths of the candidates stay below, and 8 standard deviations, is gold.
 * Not the median: where most candidates are noise, it would make gold of every particle.
 */
const GOLD_FACTOR = 3;
const GOLD_QUANTILE = 0.9;
const GOLD_DEVIATIONS = 8;
/** Enough around the centre to hold a bead of 10 nm. */
const GOLD_REACH_ANGSTROM = 60;

async function leaveOutGold(
  candidates: readonly Candidate[],
  grid: TomogramGrid,
  { scale, onProgress, signal }: CandidateOptions,
): Promise<Candidate[]> {
  const read = createRegionReader(grid, scale);
  const edge = 2 * Math.ceil(GOLD_REACH_ANGSTROM / grid.voxelSizeAngstrom) + 1;
  const highest: number[] = [];
  for (const [index, { positionAngstrom }] of candidates.entries()) {
    if (index % 256 === 0) {
      onProgress?.({ stage: "looking for gold", done: index, total: candidates.length });
      await breathe(signal);
    }
    const { x, y, z } = positionAngstrom;
    const [cz, cy, cx] = [z, y, x].map((value) => Math.round(value / grid.voxelSizeAngstrom) - (edge - 1) / 2) as [
      number,
      number,
      number,
    ];
    const region = await read([cz, cy, cx], edge);
    highest.push(region.reduce((maximum, value) => Math.max(maximum, value), 0));
  }
  const usual = [...highest].sort((a, b) => a - b)[Math.floor(GOLD_QUANTILE * highest.length)] ?? 0;
  const limit = Math.max(GOLD_DEVIATIONS, GOLD_FACTOR * usual);
  return candidates.filter((_, index) => highest[index]! < limit);
}
