import { ConfigError, FormatError } from "../../errors.js";
import {
  type DecodeVolumeOptions,
  isVolumeFileFormat,
  readZarr,
  recogniseVolumeFormat,
  VOLUME_FILE_CODECS,
  type VolumeFormat,
  type VolumeReading,
  volumeFormatOfName,
  withValueWarnings,
} from "../../io/index.js";
import { inOnePiece, type Progress } from "../../progress.js";
import { isZarrFolder, readFileBytes, zarrFolder } from "../disk/index.js";

/** How a volume file is read. */
export interface ReadVolumeFileOptions extends Omit<DecodeVolumeOptions, "name">, Progress {
  /** Which resolution of a Zarr image, from 0, the finest. */
  readonly level?: number | undefined;
}

/** A volume with what its file says of it. */
export interface VolumeFile extends VolumeReading {
  readonly kind: VolumeFormat;
}

/**
 * A whole volume from an MRC, EM, NPY or HDF5 file, gzip-compressed or not, told apart by content, or from a folder that is a
 * Zarr image. Density keeps the file's sign.
 * @throws FileError, FormatError when it cannot be read; ConfigError for a voxel size that is not a positive number;
 * AbortError.
 */
export async function readVolumeFile(path: string, options: ReadVolumeFileOptions = {}): Promise<VolumeFile> {
  const { voxelSizeAngstrom, onProgress, signal } = options;
  const decoding = `decoding ${path}`;
  if (voxelSizeAngstrom !== undefined && !(voxelSizeAngstrom > 0 && Number.isFinite(voxelSizeAngstrom)))
    throw new ConfigError(`a voxel size must be a positive number of Å, got ${voxelSizeAngstrom}`);
  if (await isZarrFolder(path))
    return inOnePiece(decoding, options, async () => ({
      kind: "zarr",
      ...withValueWarnings(await readZarr(zarrFolder(path), { name: path, ...options })),
    }));
  const bytes = await readFileBytes(path, { stage: `reading ${path}`, onProgress, signal });
  const kind = formatOf(path, bytes, bytes.byteLength);
  if (kind === undefined)
    throw new FormatError("not a volume: expected an MRC, EM, NPY, HDF5, TIFF or Zarr volume", path);
  return inOnePiece(decoding, options, async () => ({
    kind,
    ...(await VOLUME_FILE_CODECS[kind].decode(bytes, { name: path, ...options })),
  }));
}

/** By content; a damaged file goes to the reader that its name asks for, which knows what is wrong with it. */
export function formatOf(path: string, start: Uint8Array, byteLength: number) {
  const named = volumeFormatOfName(path);
  return recogniseVolumeFormat(start, byteLength) ?? (isVolumeFileFormat(named) ? named : undefined);
}
