import { basename } from "node:path";
import { ConfigError } from "../../errors.js";
import { loadComplex } from "../../files/complexes/index.js";
import { fileKind, isZarrFolder, readFileBytes } from "../../files/disk/index.js";
import { readVolumeFile } from "../../files/tomogram/index.js";
import type { Progress } from "../../progress.js";
import { complexFromMap, drawDensity } from "../../simulate/index.js";
import { rescaleFourier, type Volume } from "../../volume/index.js";

/** Voxels of the particles' boxes. */
export interface BoxGrid {
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
}

export interface MapOnGridOptions extends Progress {
  /** Voxel size of a map that does not state it or states it wrongly. */
  readonly mapVoxelSizeAngstrom?: number | undefined;
  /** What to do about a map without one. */
  readonly voxelSizeHint: string;
  /** Radius of the particle, where it is known. */
  readonly radiusAngstrom: number | undefined;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** Structures are drawn as blurred as a tomogram shows them. */
const BLUR_ANGSTROM = 7;

/**
 * A map or a structure on the grid of the particles' boxes, and how far it reaches from their centre.
 * @throws ConfigError for a map without a voxel size, or where the diameter has to be given; FileError, FormatError.
 */
export async function readMapOnGrid(
  path: string,
  { edge, voxelSizeAngstrom }: BoxGrid,
  { mapVoxelSizeAngstrom, voxelSizeHint, radiusAngstrom, onWarning, onProgress, signal }: MapOnGridOptions,
): Promise<{ readonly map: Volume; readonly radiusAngstrom: number }> {
  const kind = (await isZarrFolder(path)) ? "zarr" : fileKind(await readFileBytes(path));
  if (kind === "pdb" || kind === "mmcif") {
    const complex = await loadComplex(path, basename(path), { onWarning, onProgress, signal });
    const map = drawDensity(complex, { edge, voxelSizeAngstrom, blurAngstrom: BLUR_ANGSTROM });
    return { map, radiusAngstrom: radiusAngstrom ?? complex.radiusAngstrom };
  }
  const reading = await readVolumeFile(path, { voxelSizeAngstrom: mapVoxelSizeAngstrom, onProgress, signal });
  for (const warning of reading.warnings) onWarning?.(`${path}: ${warning}`);
  if (reading.voxelSizeAngstrom === undefined)
    throw new ConfigError("the reference does not state its voxel size", { where: path, hint: voxelSizeHint });
  const { volume } = reading;
  const map = rescaleFourier(volume, { voxelSizeAngstrom, shape: [edge, edge, edge] });
  return { map, radiusAngstrom: radiusAngstrom ?? reachOf(volume, path) };
}

/** How far from the box centre 97 % of a map's density lies. */
function reachOf(volume: Volume, where: string): number {
  try {
    const complex = complexFromMap({ ...volume, data: volume.data.slice() }, { name: where });
    return complex.radiusAngstrom;
  } catch (cause) {
    throw new ConfigError("the reference does not show how large the particle is", {
      ...{ where, cause },
      hint: "Give its largest diameter in Å with --particle-diameter.",
    });
  }
}
