/** The volume that says where to look: above 0.5 in the voxels that count. */
import { ConfigError } from "../../errors.js";
import { openTomogramGrid, type TomogramGrid } from "../../files/tomogram/index.js";
import type { Progress } from "../../progress.js";
import type { Vector3 } from "../../volume/index.js";

export interface MaskOptions extends Progress {
  readonly workFolder: string;
}

const INSIDE = 0.5;

/** @throws ConfigError for a mask none of whose voxels is above 0.5; FileError, FormatError, AbortError. */
export async function checkMask(maskPath: string, grid: TomogramGrid, options: MaskOptions): Promise<void> {
  await using mask = await openMask(maskPath, grid, { ...options, survey: true });
  const { minimum, maximum } = mask.survey!.statistics;
  if (maximum > INSIDE) return;
  throw new ConfigError(
    `the mask admits nothing: its values are ${minimum === maximum ? "all" : `${minimum} to`} ${maximum}, and only voxels above ${INSIDE} are searched`,
    { where: maskPath, hint: "Write it with 1 where particles are to be looked for and 0 elsewhere." },
  );
}

/** Those whose voxel of the mask is inside. The mask may have any voxel size, but its first voxel is the tomogram's. */
export async function withinMask<T extends { readonly position: Vector3 }>(
  placed: readonly T[],
  maskPath: string,
  grid: TomogramGrid,
  options: MaskOptions,
): Promise<T[]> {
  await using mask = await openMask(maskPath, grid, options);
  const [nz, ny, nx] = mask.shape;
  const kept = new Set<T>();
  let section: { z: number; values: Float32Array } | undefined;
  for (const one of [...placed].sort((a, b) => a.position.z - b.position.z)) {
    const index = (at: number) => Math.round(at / mask.voxelSizeAngstrom);
    const [x, y, z] = [index(one.position.x), index(one.position.y), index(one.position.z)];
    if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) continue;
    if (section?.z !== z) section = { z, values: await mask.read([z, 0, 0], [1, ny, nx]) };
    if ((section.values[y * nx + x] ?? 0) > INSIDE) kept.add(one);
  }
  return placed.filter((one) => kept.has(one));
}

/** A mask of the tomogram's own shape is on its voxels, whatever its header says: masks are often written without one. */
async function openMask(
  maskPath: string,
  { voxelSizeAngstrom, fileShape, fileVoxelSizeAngstrom }: TomogramGrid,
  { workFolder, survey = false, onProgress, signal }: MaskOptions & { readonly survey?: boolean },
): Promise<TomogramGrid> {
  const opening = { voxelSizeAngstrom, workFolder: `${workFolder}/mask`, survey, onProgress, signal };
  const stated = await openTomogramGrid(maskPath, { ...opening, fileVoxelSizeAngstrom }).catch(() => undefined);
  if (stated?.fileShape.join() === fileShape.join()) return stated;
  await stated?.[Symbol.asyncDispose]();
  return openTomogramGrid(maskPath, opening);
}
