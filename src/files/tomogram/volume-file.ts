import { ConfigError, FormatError } from "../../errors.js";
import {
  readEm,
  readHdf5,
  readMrc,
  readNpy,
  readZarr,
  type Statistics,
  statisticsOf,
  valueWarnings,
} from "../../io/index.js";
import type { Volume } from "../../volume/index.js";
import { type FileKind, fileKind, isZarrFolder, readFileBytes, zarrFolder } from "../disk/index.js";

export interface ReadVolumeFileOptions {
  /** Overrides what the file says. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Fill up a truncated MRC file with zeros. */
  readonly permissive?: boolean;
  /** Which data set of an HDF5 file. */
  readonly dataset?: string | undefined;
  /** Which resolution of a Zarr image, from 0, the finest. */
  readonly level?: number | undefined;
}

export interface VolumeFile {
  readonly kind: FileKind;
  /** `voxelSizeAngstrom` is NaN when unknown. */
  readonly volume: Volume;
  readonly voxelSizeAngstrom: number | undefined;
  readonly statistics: Statistics;
  /** The z axis of the file counts images. */
  readonly imageStack: boolean;
  readonly warnings: readonly string[];
}

/**
 * A volume from an MRC, EM, NPY or HDF5 file, gzip-compressed or not, told apart by content, or from a folder that is a Zarr
 * image. Density keeps the file's sign.
 * @throws FileError, FormatError when it cannot be read; ConfigError for a voxel size that is no positive number.
 */
export async function readVolumeFile(path: string, options: ReadVolumeFileOptions = {}): Promise<VolumeFile> {
  const { voxelSizeAngstrom, permissive = false, dataset, level } = options;
  if (voxelSizeAngstrom !== undefined && !(voxelSizeAngstrom > 0 && Number.isFinite(voxelSizeAngstrom)))
    throw new ConfigError(`a voxel size must be a positive number of Angstrom, got ${voxelSizeAngstrom}`);
  if (await isZarrFolder(path)) {
    const reading = await readZarr(zarrFolder(path), { name: path, level, voxelSizeAngstrom });
    return withStatistics("zarr", reading);
  }
  const bytes = await readFileBytes(path);
  const kind = fileKind(bytes);
  if (kind === "hdf5") return withStatistics(kind, await readHdf5(bytes, { name: path, dataset, voxelSizeAngstrom }));
  if (kind === "em") return { kind, imageStack: false, ...readEm(bytes, { name: path, voxelSizeAngstrom }) };
  if (kind === "npy") return readNpyVolume(bytes, path, voxelSizeAngstrom);
  if (kind !== "mrc" && !/\.(mrcs?|map|rec|ccp4|st|ali)(\.gz)?$/i.test(path))
    throw new FormatError("not a volume: expected an MRC, EM, NPY, HDF5 or Zarr volume", path);
  // A file of that name that does not look like MRC still goes to its reader, which knows what is wrong with it.
  const reading = readMrc(bytes, { name: path, voxelSizeAngstrom, permissive });
  return { ...reading, kind: "mrc", imageStack: reading.header.fields.ispg === 0 && isStackName(path) };
}

function withStatistics(
  kind: FileKind,
  reading: Pick<VolumeFile, "volume" | "voxelSizeAngstrom" | "warnings">,
): VolumeFile {
  const { volume, voxelSizeAngstrom, warnings } = reading;
  const statistics = statisticsOf(volume.data);
  return {
    kind,
    volume,
    voxelSizeAngstrom,
    statistics,
    imageStack: false,
    warnings: [...warnings, ...valueWarnings(statistics)],
  };
}

/** Old programs leave ispg at 0 in volumes, too; the name is the better witness. */
function isStackName(path: string): boolean {
  return /\.(mrcs|st|ali)(\.gz)?$/i.test(path);
}

function readNpyVolume(bytes: Uint8Array, path: string, voxelSizeAngstrom: number | undefined): VolumeFile {
  const { shape, data } = readNpy(bytes, { name: path });
  if (shape.length !== 2 && shape.length !== 3)
    throw new FormatError(`an array of ${shape.length} dimensions is no volume`, path, {
      hint: "Save an array of shape (nz, ny, nx).",
    });
  if (data.length === 0) throw new FormatError(`an array of shape (${shape.join(", ")}) holds no voxels`, path);
  const [nz, ny, nx] = (shape.length === 2 ? [1, ...shape] : shape) as [number, number, number];
  const statistics = statisticsOf(data);
  const warnings = voxelSizeAngstrom === undefined ? ["an .npy file states no voxel size"] : [];
  if (statistics.nanCount > 0) warnings.push(`${statistics.nanCount} of ${statistics.count} values are NaN`);
  return {
    kind: "npy",
    volume: { data, shape: [nz, ny, nx], voxelSizeAngstrom: voxelSizeAngstrom ?? Number.NaN },
    voxelSizeAngstrom,
    statistics,
    imageStack: false,
    warnings,
  };
}
