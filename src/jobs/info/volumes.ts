/** What `cosnet info` says of volumes. */
import { zarrFolder } from "../../files/disk/index.js";
import {
  createStatistics,
  decodeVoxels,
  listHdf5,
  MRC_MODES,
  memorySource,
  openMrc,
  openTiff,
  openZarr,
  overriddenVoxelSize,
  type RandomAccessSource,
  readEm,
  readHdf5,
  readNpy,
  statisticsOf,
  type VolumeFormat,
  type VolumeReading,
  valueWarnings,
} from "../../io/index.js";
import { breathe } from "../../progress.js";
import type { Describe, DescribeFileOptions, Details } from "./description.js";

/** @throws FormatError when it is damaged. */
export const describeVolume: Readonly<Record<Exclude<VolumeFormat, "zarr">, Describe>> = {
  mrc: (bytes, path, options) => describeMrc(memorySource(bytes), path, options),
  em(bytes, path, options) {
    const reading = readEm(bytes, { name: path, ...options });
    const { header, statistics, warnings } = reading;
    const [nz, ny, nx] = header.shape;
    const fields = { nx, ny, nz, ...voxelSizesOf(reading), type: header.type, byteOrder: header.byteOrder };
    return { fields: header.comment ? { ...fields, comment: header.comment } : fields, statistics, warnings };
  },
  npy(bytes, path) {
    const { shape, type, fortranOrder, data } = readNpy(bytes, { name: path });
    const fields = { shape: shape.join(" x "), type, order: fortranOrder ? "Fortran" : "C" };
    if (data.length === 0) return { fields, warnings: ["the array holds no values"] };
    const statistics = statisticsOf(data);
    return { fields, statistics, warnings: valueWarnings(statistics) };
  },
  hdf5: describeHdf5,
  tiff: (bytes, path, options) => describeTiff(memorySource(bytes), path, options),
};

/** The voxel size, and the file's own where another was given. */
function voxelSizesOf(reading: Pick<VolumeReading, "voxelSizeAngstrom" | "statedVoxelSizeAngstrom">) {
  return { voxelSizeAngstrom: reading.voxelSizeAngstrom, fileVoxelSizeAngstrom: overriddenVoxelSize(reading) };
}

/** A TIFF stack, read section by section. */
async function describeTiff(source: RandomAccessSource, path: string, options: DescribeFileOptions): Promise<Details> {
  const stack = await openTiff(source, { name: path, ...options });
  const { shape, type, warnings, read } = stack;
  const [nz, ny, nx] = shape;
  const accumulator = createStatistics();
  for (let z = 0; z < nz; z++) {
    accumulator.add(await read([z, 0, 0], [1, ny, nx]));
    options.onProgress?.({ stage: "reading values", done: z + 1, total: nz });
    await breathe(options.signal);
  }
  const statistics = accumulator.result();
  const fields = { nx, ny, nz, ...voxelSizesOf(stack), type };
  return { fields, statistics, warnings: [...warnings, ...valueWarnings(statistics)] };
}

async function describeHdf5(bytes: Uint8Array, path: string, options: DescribeFileOptions): Promise<Details> {
  const entries = await listHdf5(bytes, { name: path });
  const listed = entries.slice(0, 8).map((entry) => `${entry.path} (${entry.shape.join(" x ")})`);
  const fields = {
    dataSets: entries.length,
    content: `${listed.join(", ")}${entries.length > listed.length ? ", ..." : ""}` || undefined,
  };
  if (!entries.some(({ shape }) => shape.length >= 2)) return { fields, warnings: ["there is no volume in it"] };
  const reading = await readHdf5(bytes, { name: path, ...options });
  const { volume, dataset, warnings } = reading;
  const [nz, ny, nx] = volume.shape;
  const statistics = statisticsOf(volume.data);
  return {
    fields: { ...fields, volume: dataset, nx, ny, nz, ...voxelSizesOf(reading) },
    statistics,
    warnings: [...warnings, ...valueWarnings(statistics)],
  };
}

/** Voxels of a Zarr image read at a time: half a gigabyte, for the usual cubes of 64 to be read once each. */
const ZARR_PIECE_VOXELS = 1 << 27;

/** A folder that is a Zarr image, read a few sections at a time. @throws FormatError when it is damaged. */
export async function describeZarr(path: string, options: DescribeFileOptions): Promise<Details> {
  const level = await openZarr(zarrFolder(path), { name: path, voxelSizeAngstrom: options.voxelSizeAngstrom });
  const { shape, type, levelCount } = level;
  const [nz, ny, nx] = shape;
  const accumulator = createStatistics();
  const sections = Math.max(1, Math.floor(ZARR_PIECE_VOXELS / (ny * nx)));
  for (let z = 0; z < nz; z += sections) {
    options.onProgress?.({ stage: "reading values", done: z, total: nz });
    await breathe(options.signal);
    accumulator.add(await level.read([z, 0, 0], [Math.min(sections, nz - z), ny, nx]));
  }
  const statistics = accumulator.result();
  return {
    fields: { nx, ny, nz, ...voxelSizesOf(level), type, levels: levelCount },
    statistics,
    warnings: [...level.warnings, ...valueWarnings(statistics)],
  };
}

/** Values decoded at a time: 16 MB as float32. */
const PIECE_VOXELS = 1 << 22;

/** An MRC file of any size, read piece by piece in the order of the file. @throws FormatError when it is damaged. */
export async function describeMrc(
  source: RandomAccessSource,
  path: string,
  options: DescribeFileOptions,
): Promise<Details> {
  const reader = await openMrc(source, { name: path, ...options });
  const { header, originAngstrom: origin, warnings } = reader;
  const accumulator = createStatistics();
  const width = MRC_MODES[header.mode].bytesPerVoxel;
  const total = header.dataBytes / width;
  for (let done = 0; done < total; done += PIECE_VOXELS) {
    options.onProgress?.({ stage: "reading values", done, total });
    await breathe(options.signal);
    const count = Math.min(PIECE_VOXELS, total - done);
    const bytes = await source.read(header.dataOffset + done * width, count * width);
    accumulator.add(decodeVoxels(bytes, header.mode, header));
  }
  const statistics = accumulator.result();
  const [nz, ny, nx] = header.shape;
  const { fields, mode, byteOrder, axes, labels } = header;
  return {
    fields: {
      nx,
      ny,
      nz,
      ...voxelSizesOf(reader),
      mode: `${mode} (${header.unsignedBytes ? "uint8" : MRC_MODES[mode].name})`,
      byteOrder: `${byteOrder}-endian`,
      axisOrder:
        axes.join() === "2,1,0"
          ? undefined
          : `stored as ${axes
              .map((axis) => "xyz"[axis])
              .reverse()
              .join(", ")}`,
      extendedHeaderBytes: fields.nsymbt || undefined,
      originAngstrom: origin && `${origin.x}, ${origin.y}, ${origin.z}`,
      labels: labels.filter((label) => label !== "").join(" | ") || undefined,
    },
    statistics,
    warnings: [...warnings, ...valueWarnings(statistics)],
  };
}
