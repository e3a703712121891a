/** The one door to tomograms, whatever kind of file they are in: shape, voxel size, and the voxels of any part. */
import { FileError } from "../../errors.js";
import {
  isGzip,
  openZarr,
  readerOf,
  VOLUME_FILE_CODECS,
  type VolumeFormat,
  type VolumeReader,
} from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import type { Vector3 } from "../../volume/index.js";
import { isFolder, isZarrFolder, openRandomAccess, zarrFolder } from "../disk/index.js";
import { finiteReader } from "./finite.js";
import { formatOf, readVolumeFile } from "./read-volume.js";
import { chooseVoxelSize, type StatedVoxelSize } from "./voxel-size.js";

/** Which voxel size an opened tomogram has, and progress where it has to be read whole. */
export interface OpenTomogramOptions extends Progress {
  /** Believed instead of the file's. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Taken when the file states none, or exactly 1 Å, which many programs write when they do not know. */
  readonly fallbackVoxelSizeAngstrom?: number | undefined;
  /** What a list made from this tomogram says; believed instead of the file's header. */
  readonly listedVoxelSize?: StatedVoxelSize | undefined;
  /** The volume is a tomogram whose particles' sizes matter: a header of exactly 1 Å is refused, an unlikely one doubted. */
  readonly isSpecimen?: boolean;
}

/** An open tomogram; `await using` it. */
export interface Tomogram extends VolumeReader, AsyncDisposable {
  readonly path: string;
  readonly kind: VolumeFormat;
  readonly voxelSizeAngstrom: number;
  /** Who says so: "as the header says". */
  readonly voxelSizeSource: string;
  /** The voxels as the file has them, NaN and infinities too; `read` gives the mean for those. */
  readonly readStored: VolumeReader["read"];
  /** As `read`, in the file's own type of numbers where it is read by parts. */
  readonly readNumbers: Required<VolumeReader>["readNumbers"];
  /** Edge lengths as particle lists count them: voxels times voxel size. */
  readonly sizeAngstrom: Vector3;
  /** Closes the file. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Of an OME-Zarr: three layers of chunks of 64^3 in sections of 500 x 500. */
const KEPT_CHUNK_BYTES = 192 * 2 ** 20;

/**
 * Opens a tomogram, told by its content: MRC, EM, NumPy, TIFF and OME-Zarr of any size, of which only what is asked for is read;
 * HDF5, MRC and NumPy with unusual axes and whatever is gzip-compressed whole.
 * @throws FileError, FormatError when it cannot be read; ConfigError when no voxel size is known or it is not positive.
 */
export async function openTomogram(path: string, options: OpenTomogramOptions = {}): Promise<Tomogram> {
  return (await openByParts(path, options)) ?? (await openWhole(path, options));
}

async function openByParts(path: string, options: OpenTomogramOptions): Promise<Tomogram | undefined> {
  const voxelSizeAngstrom = believedVoxelSize(options);
  if (await isZarrFolder(path)) {
    const level = await openZarr(zarrFolder(path), { name: path, voxelSizeAngstrom, keptBytes: KEPT_CHUNK_BYTES });
    return tomogram(path, "zarr", level, options, async () => {});
  }
  if (await isFolder(path))
    throw new FileError("cannot be read: this is a folder, not a file", path, {
      hint: "Name a tomogram in it (of folders, OME-Zarr alone is one); `cosnet batch run` takes all that a folder holds.",
    });
  const file = await openRandomAccess(path);
  try {
    const start = await file.read(0, Math.min(1024, file.byteLength));
    const kind = isGzip(start) ? undefined : formatOf(path, start, file.byteLength);
    const reader = kind && (await VOLUME_FILE_CODECS[kind].open?.(file, { name: path, voxelSizeAngstrom }));
    if (reader) return tomogram(path, kind, reader, options, file.close);
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return undefined;
}

async function openWhole(path: string, options: OpenTomogramOptions): Promise<Tomogram> {
  const voxelSizeAngstrom = believedVoxelSize(options);
  const { onProgress, signal } = options;
  const { kind, volume, ...reading } = await readVolumeFile(path, { voxelSizeAngstrom, onProgress, signal });
  return tomogram(path, kind, { ...reading, shape: volume.shape, read: readerOf(volume) }, options, async () => {});
}

/** What counts whatever the file says. */
function believedVoxelSize({ voxelSizeAngstrom, listedVoxelSize }: OpenTomogramOptions): number | undefined {
  return voxelSizeAngstrom ?? listedVoxelSize?.angstrom;
}

function tomogram(
  path: string,
  kind: VolumeFormat,
  { shape, statedVoxelSizeAngstrom, originAngstrom, warnings, read, readNumbers }: VolumeReader,
  options: OpenTomogramOptions,
  close: () => Promise<void>,
): Tomogram {
  const { voxelSizeAngstrom: told, listedVoxelSize: listed, fallbackVoxelSizeAngstrom: fallback } = options;
  const claims = {
    ...{ shape, told, listed, header: statedVoxelSizeAngstrom, fallback },
    isSpecimen: options.isSpecimen ?? false,
  };
  const chosen = chooseVoxelSize(path, claims);
  const { voxelSizeAngstrom } = chosen;
  const [z, y, x] = shape.map((length) => length * voxelSizeAngstrom) as [number, number, number];
  return {
    path,
    kind,
    shape,
    ...{ voxelSizeAngstrom, statedVoxelSizeAngstrom, originAngstrom },
    voxelSizeSource: chosen.source,
    sizeAngstrom: { x, y, z },
    warnings: [...warnings, ...chosen.warnings],
    ...finiteReader({ shape, read, ...(readNumbers && { readNumbers }) }),
    readStored: read,
    [Symbol.asyncDispose]: close,
  };
}

export interface StageProgress extends Progress {
  readonly stage?: string;
}

/** Calls `take` with every section along z, `[ny, nx]`, in order. The array is good for that call only. */
export async function eachSection(
  { shape: [nz, ny, nx], read }: Pick<Tomogram, "shape" | "read">,
  take: (section: Float32Array, z: number) => void,
  { stage, onProgress, signal }: StageProgress = {},
): Promise<void> {
  for (let z = 0; z < nz; z++) {
    take(await read([z, 0, 0], [1, ny, nx]), z);
    if (stage) onProgress?.({ stage, done: z + 1, total: nz });
    if (z % 8 === 7) await breathe(signal);
  }
}
