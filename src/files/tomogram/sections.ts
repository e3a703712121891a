import { ConfigError } from "../../errors.js";
import { chosenVoxelSize, decodeVoxels, isGzip, MRC_MODES, parseMrcHeader } from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import type { Shape3 } from "../../volume/index.js";
import { openRandomAccess } from "../disk/index.js";
import { readVolumeFile } from "./volume-file.js";

/** A volume of any size, given section by section along z. */
export interface SectionReader extends AsyncDisposable {
  readonly shape: Shape3;
  readonly voxelSizeAngstrom: number;
  /** Calls `take` with every section, in order. The array is good for that call only. */
  readonly each: (take: (section: Float32Array, z: number) => void, progress?: StageProgress) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface StageProgress extends Progress {
  readonly stage?: string;
}

/**
 * Opens a volume to be read section by section. MRC files are never whole in memory, unless they are compressed or their
 * axes are in another order than x, y, z; other formats are read whole.
 * @throws FileError, FormatError when it cannot be read; ConfigError when no voxel size is known.
 */
export async function openSections(
  path: string,
  { voxelSizeAngstrom }: { readonly voxelSizeAngstrom?: number | undefined } = {},
): Promise<SectionReader> {
  const source = await openRandomAccess(path);
  try {
    const start = await source.read(0, Math.min(1024, source.byteLength));
    if (isGzip(start) || !/\.(mrc|rec|map|ccp4)$/i.test(path)) {
      await source.close();
      return await wholeVolume(path, voxelSizeAngstrom);
    }
    const { header } = parseMrcHeader(start, { name: path, byteLength: source.byteLength });
    if (header.axes[0] !== 2 || header.axes[1] !== 1) {
      await source.close();
      return await wholeVolume(path, voxelSizeAngstrom);
    }
    const size = known(chosenVoxelSize(header, voxelSizeAngstrom, []), path);
    const [nz, ny, nx] = header.shape;
    const bytes = ny * nx * MRC_MODES[header.mode].bytesPerVoxel;
    return {
      shape: header.shape,
      voxelSizeAngstrom: size,
      close: () => source.close(),
      [Symbol.asyncDispose]: () => source.close(),
      async each(take, { stage, onProgress, signal } = {}) {
        for (let z = 0; z < nz; z++) {
          take(decodeVoxels(await source.read(header.dataOffset + z * bytes, bytes), header.mode, header), z);
          if (stage) onProgress?.({ stage, done: z + 1, total: nz });
          if (z % 8 === 7) await breathe(signal);
        }
      },
    };
  } catch (error) {
    await source.close().catch(() => {});
    throw error;
  }
}

async function wholeVolume(path: string, override: number | undefined): Promise<SectionReader> {
  const { volume, voxelSizeAngstrom } = await readVolumeFile(path, { voxelSizeAngstrom: override });
  const [nz, ny, nx] = volume.shape;
  return {
    shape: volume.shape,
    voxelSizeAngstrom: known(voxelSizeAngstrom, path),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
    async each(take, { stage, onProgress, signal } = {}) {
      for (let z = 0; z < nz; z++) {
        take(volume.data.subarray(z * ny * nx, (z + 1) * ny * nx), z);
        if (stage) onProgress?.({ stage, done: z + 1, total: nz });
        if (z % 8 === 7) await breathe(signal);
      }
    },
  };
}

function known(voxelSizeAngstrom: number | undefined, path: string): number {
  if (voxelSizeAngstrom !== undefined) return voxelSizeAngstrom;
  throw new ConfigError(`${path}: the file states no voxel size`, { hint: "Give it in Angstrom (--voxel-size)." });
}
